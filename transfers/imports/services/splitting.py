"""A wrong match taken apart without loss: what an import brought goes on to the right student."""

import datetime as dt
from dataclasses import dataclass

from ledger.services import append_entry
from resets.engine.proof import baseline
from rostering.models import StudentIdentity
from tenants.models import District
from tenants.schema import current_schema
from transfers.imports import reasons
from transfers.imports.errors import TransferRefusedError
from transfers.imports.holding import held_import
from transfers.imports.models import ImportedStudent, SourceStatus
from transfers.imports.writing.arrivals import Arrival, arrival_of_new
from transfers.imports.writing.identifiers import InUse
from transfers.imports.writing.lineage import Brought, move_records
from transfers.imports.writing.lines import as_here
from transfers.imports.writing.people import make_students, place_of
from transfers.imports.writing.persons import person_of_line
from transfers.imports.writing.proof import count_owned, verify_records, verify_writes
from transfers.imports.writing.rows import Done


@dataclass(frozen=True)
class SplitPreview:
    """What taking a match apart would do.

    Attributes:
        refused: why it cannot be done, in words; empty when it can.
        records: how many go on to the other student.
        stays: how many the student had before this import already, which stay.
        arrival: the new record, without what is in use here; None when they go to another student.
    """

    refused: str
    records: int = 0
    stays: int = 0
    arrival: Arrival | None = None


def split_preview(line: ImportedStudent, *, to: int | None = None) -> SplitPreview:
    """What `split_student` would do; nothing is changed.

    Args:
        line: of the log: somebody who was matched to a record here.
        to: the student here to whom the records belong; None for a new one, made as the import would have.
    """
    if refused := _refusal(line, to):
        return SplitPreview(refused)
    brought = Brought(line.transfer, [_student(line)])
    if not brought.all_there(_student(line)):
        return SplitPreview(reasons.in_words(reasons.NOT_THERE))
    records = brought.of(_student(line))
    if to is not None:
        return SplitPreview("", records, line.known)
    person = person_of_line(line)
    arrival = arrival_of_new(line.pk, person, InUse([person]))
    refused = reasons.in_words(arrival.refused) if arrival.refused else ""
    return SplitPreview(refused, records, line.known, arrival)


def split_student(
    district: District, line_id: int, *, to: int | None = None, actor: str, at: dt.datetime, shown: int | None = None
) -> ImportedStudent:
    """Move what an import brought to the wrong student of the entered district to another, or to a new one.

    Args:
        line_id: the line of the log.
        to: the student here to whom the records belong; None for a new one.
        shown: how many records the preview named; when that has changed, nothing is done.

    Returns:
        the line, which leads to the other student from now on.

    Raises:
        TransferRefusedError: it cannot be done; nothing was changed.
        TransferError: verification failed; nothing was changed.
    """
    found = ImportedStudent.objects.filter(pk=line_id).first()
    if found is None:
        raise TransferRefusedError("This student is not in the log any more.")
    with held_import(district, found.transfer_id) as transfer:
        line = ImportedStudent.objects.select_related("transfer").get(pk=line_id)
        plan = split_preview(line, to=to)
        if plan.refused:
            raise TransferRefusedError(plan.refused)
        if shown is not None and shown != plan.records:
            raise TransferRefusedError(f"Now {plan.records:,} records would move. Nothing was changed. Look again.")
        before, done, wrong = baseline(current_schema()), Done(), _student(line)
        if plan.arrival is None:
            record = StudentIdentity.objects.get(pk=to)
        else:
            place = place_of(district, transfer.school_id, at)
            [record] = make_students([(plan.arrival.person, plan.arrival.dropped)], place, done)
        _move(line, record, done)
        _rewrite_line(line, record, plan, done)
        verify_writes(before, done)
        facts = {
            "import": str(transfer.pk),
            "line": line.pk,
            "from": wrong,
            "to": record.pk,
            "new": line.is_new,
            "rows": plan.records,
        }
        append_entry(district.pk, "transfer_split", actor=actor, at=at, facts=facts)
    return line


def _refusal(line: ImportedStudent, to: int | None) -> str:
    if line.student_id is None or line.source_status == SourceStatus.TAKEN_BACK:
        return "This student was not imported, or was taken back: there is nothing to take apart."
    if line.is_new:
        return "This student's record was made by the import: nobody else's data is in it."
    if ImportedStudent.objects.filter(transfer=line.transfer, student=line.student).exclude(pk=line.pk).exists():
        return reasons.in_words(reasons.SHARED)
    later = ImportedStudent.objects.filter(
        student=line.student, source_district_id=line.source_district_id, source_key=line.source_key, pk__gt=line.pk
    )
    if later.exclude(source_status=SourceStatus.TAKEN_BACK).exists():
        return "The student came again with a later import to the same record. Take that match apart first."
    return "" if to is None else _refusal_of_target(line, to)


def _refusal_of_target(line: ImportedStudent, to: int) -> str:
    if to == line.student_id:
        return "This is the record that they are matched to. Choose another one."
    if not StudentIdentity.objects.filter(pk=to).exists():
        return "That record is not on this site any more. Search again."
    if ImportedStudent.objects.filter(transfer=line.transfer, student_id=to).exists():
        return reasons.in_words(reasons.SAME_RECORD)
    return ""


def _move(line: ImportedStudent, record: StudentIdentity, done: Done) -> None:
    wrong = _student(line)
    had, theirs = count_owned([wrong]), count_owned([record.pk])
    moved = move_records(line.transfer, wrong, record.pk, done)
    verify_records(had, count_owned([wrong]), {name: -rows for name, rows in moved.items()})
    verify_records(theirs, count_owned([record.pk]), moved)


def _rewrite_line(line: ImportedStudent, record: StudentIdentity, plan: SplitPreview, done: Done) -> None:
    changes = plan.arrival.reasons if plan.arrival else ()
    as_here(line, record)
    line.is_new, line.source_status = plan.arrival is not None, SourceStatus.CHANGED
    line.known = 0
    line.reasons = list(dict.fromkeys([*line.reasons, *changes, reasons.SPLIT]))
    line.save()
    done.add(ImportedStudent._meta.db_table, updated=1)


def _student(line: ImportedStudent) -> int:
    """The student of a line that has one.

    Raises:
        TransferRefusedError: it has none.
    """
    if line.student_id is None:
        raise TransferRefusedError("This student has no record here.")
    return line.student_id
