"""A wrong match taken apart without loss: what an import brought goes on to the right student."""

import datetime as dt

from ledger.services import append_entry
from resets.engine.proof import Done, baseline
from rostering.models import StudentIdentity
from tenants.models import District
from tenants.schema import current_schema
from transfers.imports import reasons
from transfers.imports.errors import TransferRefusedError
from transfers.imports.holding import held_import
from transfers.imports.models import ImportedStudent, SourceStatus
from transfers.imports.services.split_plan import SplitPreview, split_preview, student_of
from transfers.imports.writing.lineage import move_records
from transfers.imports.writing.lines import as_here
from transfers.imports.writing.people import make_students, place_of
from transfers.imports.writing.proof import count_owned, verify_records, verify_writes


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
        before, done, wrong = baseline(current_schema()), Done(), student_of(line)
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


def _move(line: ImportedStudent, record: StudentIdentity, done: Done) -> None:
    wrong = student_of(line)
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
