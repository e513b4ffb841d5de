"""Transfer codes that were used or revoked since the backup cannot be used once more; what was freed again can."""

from django.db import transaction
from django_tenants.utils import schema_context

from ledger.chain import Entry
from ledger.services import append_entry
from tenants.locks import Lock, take_lock
from tenants.models import District
from transfers.codes.models import TransferCode


def redeem_again(district: District, entry: Entry) -> None:
    """Mark a code as used; the import that it began is lost with the backup, and takes a new code."""
    _settle(
        district, entry, redeemed_at=entry.at, redeemed_by=entry.actor, redemptions=1, import_id=entry.facts["import"],
        destination_id=entry.facts.get("destination_district", district.pk),
    )  # fmt: skip


def revoke_again(district: District, entry: Entry) -> None:
    """Revoke a code again."""
    _settle(district, entry, revoked_at=entry.at, revoked_by=entry.actor)


def release_again(district: District, entry: Entry) -> None:
    """Free a code whose import was cancelled or had failed: it can be entered again, as it could."""
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        free_code(entry)
        append_entry(district.pk, entry.kind, actor=entry.actor, at=entry.happened_at, facts=entry.facts)


def free_code(entry: Entry) -> None:
    """Free the code that an entry's import has used, if it is that import's still; in the caller's transaction."""
    used = TransferCode.objects.filter(pk=entry.facts["code"], import_id=entry.facts["import"])
    used.update(redeemed_at=None, redeemed_by="", destination=None, import_id=None)


def _settle(district: District, entry: Entry, **values: object) -> None:
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        open_code = TransferCode.objects.filter(pk=entry.facts["code"], redeemed_at=None, revoked_at=None)
        open_code.update(**values)
        append_entry(district.pk, entry.kind, actor=entry.actor, at=entry.happened_at, facts=entry.facts)
