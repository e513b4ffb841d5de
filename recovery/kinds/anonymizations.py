"""Anonymizations, and what a lifted hold had postponed, done again."""

from uuid import UUID

from django_tenants.utils import schema_context

from archiving.services import anonymize_leavers
from holds.models import LegalHold
from ledger.chain import Entry
from resets.engine.postponed import delete_postponed
from resets.models import ResetRun
from tenants.models import District


def anonymize_again(district: District, entry: Entry) -> None:
    """Anonymize once more whom the entry's keys name, as far as the backup has them."""
    _anonymize(district, entry, None)


def do_postponed_again(district: District, entry: Entry) -> None:
    """Do once more what a hold had postponed: an anonymization, or the deletions of one reset."""
    said = entry.facts
    hold = LegalHold.objects.filter(pk=said["hold"]).first()
    if "students" in said:
        _anonymize(district, entry, hold)
    elif hold is not None:
        with schema_context("public"):
            run = ResetRun.objects.get(pk=said["run"])
        delete_postponed(district, run, hold.pk, actor=entry.actor, at=entry.happened_at)


def _anonymize(district: District, entry: Entry, lifted: LegalHold | None) -> None:
    said = entry.facts
    run_id = UUID(said["run"]) if said.get("run") else None
    anonymize_leavers(
        district,
        said["suite"],
        said["school_year"],
        actor=entry.actor,
        at=entry.happened_at,
        run_id=run_id,
        lifted=lifted,
    )
