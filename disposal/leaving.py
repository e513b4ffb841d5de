"""A district that leaves: its export first, two people, then its schema, files and uploads. Ledger and proof stay."""

import datetime as dt
import shutil
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django_tenants.utils import schema_context
from psycopg import sql

from disposal.approving import use_for
from disposal.concerned import count_theirs
from disposal.errors import DisposalError
from disposal.exporting import district_rows
from disposal.models import Case, CaseKind, CaseScope, CaseState
from holds.selectors import is_anything_held
from ledger.replaying import current_replay
from ledger.services import append_entry, append_waiting
from resets.controls import check_going_on, confirm_going_on
from rostering.services.nightly import drop_folder
from sweeps.finder import Finder, Words
from sweeps.models import Sweep
from sweeps.places import search_files
from sweeps.samples import read_samples, write_samples
from sweeps.services import finish_sweep, search_elsewhere
from sweeps.tables import Found, search_schema
from tenants import clock
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import current_schema
from tenants.services import remove_district
from transfers.imports.services import ask_recall

INTERRUPTED = "tables, broker, cache, files and logs: the work was interrupted after the samples had gone with the rest"


def preview_district() -> dict[str, int]:
    """Rows of the entered district by relation; without those that have none."""
    return count_theirs(district_rows())


def check_leaving(district: District, waived_reason: str) -> None:
    """Whether the entered district may be destroyed.

    Raises:
        DisposalError: something is on legal hold, or it has not got its export first and does not waive it.
    """
    if is_anything_held():
        raise DisposalError("There are legal holds: the district stays until they are lifted.")
    exports = Case.objects.filter(district=district, kind=CaseKind.EXPORT, scope=CaseScope.DISTRICT, downloads__gt=0)
    if not waived_reason.strip() and not exports.exists():
        raise DisposalError("Leaving districts get their export first: download it, or say why you want none.")


def destroy_district(district: District, case: Case, *, at: dt.datetime) -> None:
    """Destroy the entered district for good, then its files, and search in what is left.

    Raises:
        ApprovalError: it is not approved, or there is more than was approved; nothing was changed.
        DisposalError: something is on legal hold; nothing was changed.
    """
    check_going_on()
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        kept = Case.objects.get(pk=case.pk)
        if current_replay() is None:
            check_leaving(district, kept.waived_reason)
            append_waiting(district)
        counted = preview_district()
        approvers = use_for(kept, counted, at)
        samples, people = _take_samples()
        facts = {
            "case": str(kept.pk),
            "scope": "district",
            "tables": {name: {"deleted": rows} for name, rows in counted.items()},
            "approval": str(kept.approval_id),
            "approvers": list(approvers),
            "export_waived": bool(kept.waived_reason),
            "recalled_from": ask_recall(district, None, None, reference=str(kept.pk), at=at),
        }
        entry = append_entry(district.pk, "destruction", actor=approvers[1], at=at, facts=facts)
        kept.state, kept.done_at, kept.ledger_number, kept.counts = CaseState.DONE, at, entry, counted
        kept.save()
        remove_district(district, actor=approvers[1], at=at)
        confirm_going_on()
    with schema_context("public"):
        finish_leaving(kept, samples, people)


def finish_leaving(case: Case, samples: list[Words], people: int) -> None:
    """Remove a removed district's files, and search for the samples; done twice it does nothing more."""
    district = case.district
    shutil.rmtree(Path(settings.MEDIA_ROOT) / district.schema_name, ignore_errors=True)
    shutil.rmtree(drop_folder(district), ignore_errors=True)
    sweep, _ = Sweep.objects.get_or_create(
        district=district,
        ledger_number=case.ledger_number or 0,
        defaults={"what": "destruction", "asked_at": clock.now(), "people": people, "samples": len(samples)},
    )
    started, found = clock.now(), Found()
    if samples:
        finder = Finder(samples)
        search_schema("public", finder, found)
        search_elsewhere(district, finder, found)
        search_files(drop_folder(district), finder, found, "drop folder")
    else:
        found.unreached.append(INTERRUPTED)
    finish_sweep(sweep, found, started)


def plan_leftovers() -> int:
    """Finish what was interrupted after a district was removed; returns the number of jobs added: none."""
    done = Case.objects.filter(kind=CaseKind.DESTRUCTION, scope=CaseScope.DISTRICT, state=CaseState.DONE)
    swept = Sweep.objects.filter(finished_at__isnull=False).values("district")
    waited = clock.now() - dt.timedelta(hours=1)
    for case in done.filter(done_at__lt=waited).exclude(district__in=swept).exclude(district__removed_at=None):
        finish_leaving(case, [], 0)
    return 0


def _take_samples() -> tuple[list[Words], int]:
    """In memory, because the district's tables go: as many as are drawn of any destruction."""
    token = uuid4().hex
    everybody = sql.SQL("SELECT id FROM {}").format(sql.Identifier(current_schema(), "rostering_student"))
    people, _ = write_samples(current_schema(), f"sample_{token}", everybody, token)
    return read_samples(current_schema(), f"sample_{token}"), people
