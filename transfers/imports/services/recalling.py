"""Somebody is destroyed at the source: what other sites have staged of them, and have not imported, goes too.

The destroying transaction asks for a job in each district that used a code for them. Each is done under its own
district's lock, is verified and stands in its own ledger; the two districts' locks are never held at once.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django_tenants.utils import schema_context

from ledger.dispositions import write_ahead
from ledger.services import append_entry
from resets.controls import check_going_on, confirm_going_on
from resets.engine.proof import Done, Written, baseline
from sweeps.services import Samples, ask_sweep, keep_samples
from tenants.jobs.services import enqueue_jobs
from tenants.locks import Lock, take_lock
from tenants.models import District, Job
from tenants.schema import current_schema
from transfers.codes.models import TransferCode
from transfers.imports import points, reasons
from transfers.imports.errors import TransferError
from transfers.imports.holding import destroy_staged, rewrite_named
from transfers.imports.kinds import RECALL
from transfers.imports.models import Import, ImportedStudent, ImportState, IncomingStudent, OfferedStudent
from transfers.imports.people_staged import staged_people
from transfers.imports.services.failing import SYSTEM
from transfers.imports.writing.proof import verify_writes

RECALLED: Final = "transfer_recalled"
"""The ledger's kind of entry."""
ENDS: Final = (ImportState.READY, ImportState.IMPORTING)
"""States in which an import ends when nobody of it is left; an analysis finds that out by itself."""


def codes_for(students: Iterable[int]) -> tuple[UUID, ...]:
    """The entered district's codes by which some of these students can be fetched, or were."""
    offers = OfferedStudent.objects.filter(student_id__in=list(students)).values_list("offer_id", flat=True)
    return tuple(offers.distinct())


def ask_recall(
    source: District, codes: Iterable[UUID] | None, keys: Iterable[int] | None, *, reference: str, at: dt.datetime
) -> int:
    """Ask, in the destroying transaction, every district that used these codes to destroy what it has staged.

    Args:
        codes: None for all that the source made.
        keys: of the students, as the source knows them; None for everybody.
        reference: names what destroyed them; asking twice for one is harmless.

    Returns:
        how many districts were asked.
    """
    with schema_context("public"):
        used = TransferCode.objects.filter(district=source, import_id__isnull=False, destination__removed_at=None)
        if codes is not None:
            used = used.filter(pk__in=list(codes))
        takers = District.objects.filter(pk__in=used.values("destination")).order_by("pk")
        payload = {"source": source.pk, "keys": None if keys is None else sorted(keys)}
        wanted = [(taker, f"{source.pk} {reference}", payload) for taker in takers]
        enqueue_jobs(RECALL, wanted, due_at=at)
    return len(wanted)


class Recalled:
    """Whom a source has recalled from a district: some students, or everybody."""

    def __init__(self, keys: Iterable[list[int] | None]) -> None:
        asked = list(keys)
        self.everybody = any(each is None for each in asked)
        self.keys = {key for each in asked for key in each or ()}

    def __contains__(self, key: int) -> bool:
        return self.everybody or key in self.keys


def recalled_from(district: District, source_id: int) -> Recalled:
    """Whom a source has recalled from a district so far: a page that was read before must not be staged after it."""
    asked = Job.objects.filter(district=district, kind=RECALL, payload__source=source_id)
    return Recalled(asked.values_list("payload__keys", flat=True))


def recall_students(district: District, source_id: int, keys: Iterable[int] | None, *, at: dt.datetime) -> int:
    """Destroy what the entered district has staged of students who are destroyed at their source.

    Doing it again does nothing more. Lines of students who were not imported go too. What was imported is this
    district's own copy, and stays.

    Args:
        keys: of the students at the source; None for everybody who came from there.

    Returns:
        how many students it concerned.

    Raises:
        TransferError: verification failed; nothing was changed.
        WorkStoppedError: a person has stopped all destructive work.
    """
    check_going_on()
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        theirs: dict[str, Any] = {"transfer__source_district_id": source_id}
        if keys is not None:
            theirs["source_key__in"] = sorted(keys)
        incoming = IncomingStudent.objects.filter(**theirs)
        lines = ImportedStudent.objects.filter(**theirs, student=None)
        concerned = set(incoming.values_list("source_key", flat=True)) | set(lines.values_list("source_key", flat=True))
        if not concerned:
            return 0
        ids = {*incoming.values_list("transfer_id", flat=True), *lines.values_list("transfer_id", flat=True)}
        transfers = list(Import.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
        before, samples = baseline(current_schema()), _samples(source_id, concerned)
        done = _destroy(transfers, concerned)
        points.reached("transfer_recall_destroyed")
        _end_empty(transfers, at, done)
        _verify(source_id, concerned, before, done, samples)
        _record(district, source_id, transfers, concerned, done, samples, whole=keys is None, at=at)
        confirm_going_on()
        points.reached("transfer_recall_recorded")
    points.reached("transfer_recall_committed")
    return len(concerned)


def _samples(source_id: int, concerned: set[int]) -> Samples:
    people, students = staged_people(source_id, concerned)
    return keep_samples(students, people)


def _destroy(transfers: list[Import], concerned: set[int]) -> Done:
    done = Done()
    for transfer in transfers:
        staged = IncomingStudent.objects.filter(transfer=transfer, source_key__in=concerned)
        keys = list(staged.values_list("pk", flat=True))
        if keys:
            done.add_all(destroy_staged(transfer, keys))
            transfer.students -= len(keys) if transfer.is_pending else 0
        lines = ImportedStudent.objects.filter(transfer=transfer, student=None, source_key__in=concerned)
        done.add(ImportedStudent._meta.db_table, deleted=lines.delete()[0])
    return done


def _end_empty(transfers: list[Import], at: dt.datetime, done: Done) -> None:
    """An import of which nobody is left ends, and says why; its code is of no use any more."""
    for transfer in transfers:
        if transfer.state in ENDS and not IncomingStudent.objects.filter(transfer=transfer).exists():
            transfer.state, transfer.reason = ImportState.FAILED, reasons.RECALLED
            transfer.finished_at, transfer.finished_by = at, SYSTEM
        transfer.save(update_fields=["students", "state", "reason", "finished_at", "finished_by"])
        done.add(Import._meta.db_table, updated=1)


def _verify(source_id: int, concerned: set[int], before: dict[str, Written], done: Done, samples: Samples) -> None:
    """Nothing of them is staged, and nothing else was written."""
    left = IncomingStudent.objects.filter(transfer__source_district_id=source_id, source_key__in=concerned)
    if left.exists():
        raise TransferError("Somebody who was recalled is staged still. Nothing was changed.")
    verify_writes(before, done, frozenset({samples.table}))


def _record(
    district: District,
    source_id: int,
    transfers: list[Import],
    concerned: set[int],
    done: Done,
    samples: Samples,
    *,
    whole: bool,
    at: dt.datetime,
) -> None:
    """The ledger, the search, and the storage that is rewritten: counts and identifiers only."""
    facts = {
        "source_district": source_id,
        "imports": [str(transfer.pk) for transfer in transfers],
        "whole": whole,
        "students": len(concerned),
        "rows": sum(each.deleted for each in done.values()),
        "rewrite": f"recall {uuid4().hex[:12]}",
    }
    entry = append_entry(district.pk, RECALLED, actor=SYSTEM, at=at, facts=facts)
    write_ahead(district.pk, entry, concerned)
    ask_sweep(district, samples, what=RECALLED, ledger_number=entry, at=at)
    rewrite_named(district, str(facts["rewrite"]), done, at)
