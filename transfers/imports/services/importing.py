"""The import: one transaction in the destination under its lock, verified before it commits."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from events.services import note_event
from events.types import TRANSFER_IMPORTED
from ledger.services import append_entry
from resets.engine.proof import Done, baseline
from rostering.models import StudentIdentity
from tenants.models import District
from tenants.schema import current_schema
from transfers.imports.errors import TransferError
from transfers.imports.holding import destroy_staged, held_import, rewrite_after, tell_source
from transfers.imports.models import Import, ImportedStudent, ImportState, SourceStatus
from transfers.imports.points import reached
from transfers.imports.services.analyzing import ensure_years
from transfers.imports.services.approving import is_importing
from transfers.imports.writing.arrivals import Arrival, arrivals_of
from transfers.imports.writing.lines import write_lines
from transfers.imports.writing.people import make_students, place_of
from transfers.imports.writing.proof import count_owned, count_staged, verify_records, verify_writes
from transfers.imports.writing.records import Counts, write_records
from transfers.packet.tables import transferred_tables


def import_students(district: District, import_id: UUID | str, *, at: dt.datetime) -> None:
    """Import what was approved in the entered district; again, or when nothing is approved, it does nothing.

    "Matched students match a student on your site, so their records will be merged with the matching records on your
    site": these get the records, and nothing else about them changes. New ones are made, and enrolled in the school.

    Raises:
        TransferError: verification failed; nothing was changed.
    """
    ensure_years(Import.objects.get(pk=import_id))
    with held_import(district, import_id) as transfer:
        if not is_importing(transfer):
            return
        before, done = baseline(current_schema()), Done()
        arrivals = arrivals_of(transfer)
        coming = [arrival for arrival in arrivals if not arrival.refused]
        records = _records_of(district, transfer, coming, at, done)
        reached("transfer_people")
        counts = _write(transfer, records, done)
        lines = write_lines(transfer, arrivals, records, counts, done)
        done.add_all(destroy_staged(transfer, list(records)))
        verify_writes(before, done)
        reached("transfer_verified")
        _finish(district, transfer, lines, done, at)
        rewrite_after(district, transfer, done, at)
    reached("transfer_imported")


def _records_of(
    district: District, transfer: Import, coming: Sequence[Arrival], at: dt.datetime, done: Done
) -> dict[int, StudentIdentity]:
    """The record of each student who is imported, by the incoming student's key; new ones are made."""
    matched = StudentIdentity.objects.in_bulk([each.student for each in coming if each.student is not None])
    fresh = [arrival for arrival in coming if arrival.is_new]
    place = place_of(district, transfer.school_id, at)
    made = make_students([(arrival.person, arrival.dropped) for arrival in fresh], place, done)
    found = {arrival.incoming: matched[arrival.student] for arrival in coming if arrival.student is not None}
    return found | {arrival.incoming: identity for arrival, identity in zip(fresh, made, strict=True)}


def _write(transfer: Import, records: dict[int, StudentIdentity], done: Done) -> Counts:
    """Write the records, and hold what came against what was staged.

    Raises:
        TransferError: a record would be lost, or be there twice.
    """
    students = [record.pk for record in records.values()]
    had, staged = count_owned(students), count_staged(records)
    counts = write_records(transfer, {incoming: record.pk for incoming, record in records.items()}, done)
    reached("transfer_records")
    written = {table.name: done[table.name].inserted for table in transferred_tables() if table.name in done}
    verify_records(had, count_owned(students), written)
    accounted = sum(rows + known for rows, known, _ in counts.values())
    if accounted != sum(staged.values()) or sum(written.values()) != sum(rows for rows, _, _ in counts.values()):
        raise TransferError(
            f"{sum(staged.values()):,} records were staged, {sum(written.values()):,} written and {accounted:,} "
            "accounted for. Nothing was changed."
        )
    return counts


def _finish(
    district: District, transfer: Import, lines: Sequence[ImportedStudent], done: Done, at: dt.datetime
) -> None:
    """The import's record, and the ledgers of both sites: counts and identifiers only."""
    here = ImportedStudent.objects.filter(transfer=transfer, student__isnull=False)
    transfer.imported = here.count()
    transfer.changed = here.filter(source_status=SourceStatus.CHANGED).count()
    transfer.rows += sum(line.rows for line in lines)
    transfer.state, transfer.finished_at, transfer.finished_by = ImportState.COMPLETED, at, transfer.approved_by
    transfer.save()
    now = [line for line in lines if line.student_id is not None]
    facts = {
        "import": str(transfer.pk),
        "code": str(transfer.code_id),
        "students": len(lines),
        "imported": len(now),
        "new": sum(line.is_new for line in now),
        "known": sum(line.known for line in now),
        "rows": {table.name: done[table.name].inserted for table in transferred_tables() if table.name in done},
    }
    actor = transfer.approved_by
    mine = {**facts, "source_district": transfer.source_district_id}
    append_entry(district.pk, "transfer_imported", actor=actor, at=at, facts=mine)
    thin = {"import": str(transfer.pk), "students": len(lines), "imported": len(now)}
    note_event(district.pk, TRANSFER_IMPORTED, subject=f"transfer:{transfer.pk}", facts=thin, at=at)
    theirs = {**facts, "destination_district": district.pk}
    tell_source(transfer, "transfer_given", actor="system:transfers", at=at, facts=theirs)
