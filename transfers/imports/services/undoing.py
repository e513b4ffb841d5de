"""Taking an import back, for 30 days: all or nothing of each student, by the lineage of their records, verified.

A student who was here before loses the records that the import brought, and nothing else. A student whom it made goes,
where nothing was built upon them. The code stays used.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, Q

from ledger.services import append_entry
from resets.engine.proof import baseline
from tenants.jobs.services import enqueue_job
from tenants.models import District
from tenants.schema import current_schema
from transfers.imports import reasons
from transfers.imports.errors import TransferRefusedError
from transfers.imports.holding import destroy_staged, held_import, rewrite_after, tell_source
from transfers.imports.kinds import EXPIRE
from transfers.imports.models import Import, ImportedStudent, ImportState, ScoreStatus, SourceStatus
from transfers.imports.writing.built import built_upon
from transfers.imports.writing.identifiers import IDENTIFIERS
from transfers.imports.writing.lineage import Brought, take_records
from transfers.imports.writing.proof import count_owned, verify_records, verify_writes
from transfers.imports.writing.removal import remove_students
from transfers.imports.writing.rows import Done

UNDO_DAYS: Final = 30
HERE: Final = (SourceStatus.UNCHANGED, SourceStatus.CHANGED)


@dataclass(frozen=True)
class UndoLine:
    """One student of the preview.

    Attributes:
        line: the log's.
        student: the student on this site.
        records: how many would be taken back.
        removes: whether the student's record goes too, because the import made it.
        refused: the code of why it cannot be; empty when it can.
    """

    line: ImportedStudent
    student: int
    records: int
    removes: bool
    refused: str


@dataclass(frozen=True)
class UndoPreview:
    """What taking an import back would do; `refused` says in words why it cannot be done at all."""

    refused: str
    lines: tuple[UndoLine, ...]

    @property
    def possible(self) -> tuple[UndoLine, ...]:
        """The students who can be taken back."""
        return tuple(line for line in self.lines if not line.refused)

    @property
    def counts(self) -> tuple[int, int]:
        """Students and records that would be taken back: `shown` of `undo_import`."""
        return len(self.possible), sum(line.records for line in self.possible)


def undo_preview(transfer: Import, *, at: dt.datetime) -> UndoPreview:
    """What `undo_import` would do with an import of the entered district; nothing is changed."""
    lines = tuple(_lines(transfer))
    return UndoPreview(_refusal(transfer, lines, at), lines)


def undo_import(
    district: District,
    import_id: UUID | str,
    *,
    actor: str,
    at: dt.datetime,
    shown: tuple[int, int] | None = None,
) -> UndoPreview:
    """Take an import of the entered district back, student by student as its preview says.

    Args:
        shown: the students and records that the preview named; when they have changed, nothing is done.

    Returns:
        what was done.

    Raises:
        TransferRefusedError: it cannot be taken back (any more); nothing was changed.
        TransferError: verification failed; nothing was changed.
    """
    with held_import(district, import_id) as transfer:
        plan = undo_preview(transfer, at=at)
        if plan.refused:
            raise TransferRefusedError(plan.refused)
        if shown is not None and shown != plan.counts:
            raise TransferRefusedError(
                f"The data has changed since the page was opened: now {plan.counts[0]:,} students and "
                f"{plan.counts[1]:,} records would be taken back. Nothing was changed. Look again."
            )
        before, done = baseline(current_schema()), Done()
        _take_back(transfer, plan, done)
        done.add_all(destroy_staged(transfer))
        verify_writes(before, done)
        _finish(district, transfer, plan, actor, at)
        rewrite_after(district, transfer, done, at)
        if at >= transfer.expires_at:
            payload = {"import": str(transfer.pk)}
            enqueue_job(district, EXPIRE, f"{transfer.pk} {at.isoformat()}", due_at=at, payload=payload)
    return plan


def _refusal(transfer: Import, lines: tuple[UndoLine, ...], at: dt.datetime) -> str:
    if transfer.state not in (ImportState.COMPLETED, ImportState.UNDONE):
        return f"There is nothing to take back: {transfer.get_state_display().lower()}."
    if transfer.finished_at is None:
        return "Students of this transfer are being imported at this moment. Look again afterwards."
    if at >= transfer.finished_at + dt.timedelta(days=UNDO_DAYS):
        return f"An import can be taken back for {UNDO_DAYS} days, and they are over."
    if not lines:
        return "Nobody of this import is left to be taken back."
    if all(line.refused for line in lines):
        return f"None of the students can be taken back. {reasons.in_words(lines[0].refused)}"
    return ""


def _lines(transfer: Import) -> Iterator[UndoLine]:
    found = ImportedStudent.objects.filter(transfer=transfer, student__isnull=False, source_status__in=HERE)
    lines = [(line, line.student_id) for line in found.order_by("pk") if line.student_id is not None]
    students = [student for _, student in lines]
    brought = Brought(transfer, students)
    made = built_upon(transfer, [student for line, student in lines if line.is_new], brought)
    again = _came_again(transfer, students)
    shared = {student for student, lines_of in Counter(students).items() if lines_of > 1}
    for line, student in lines:
        hindered = made.get(student, "") if line.is_new else ""
        if student in shared:
            hindered = reasons.SHARED
        elif not hindered and student in again:
            hindered = reasons.CAME_AGAIN
        elif not hindered and not brought.all_there(student):
            hindered = reasons.NOT_THERE
        yield UndoLine(line, student, brought.of(student), line.is_new, hindered)


def _came_again(transfer: Import, students: list[int]) -> set[int]:
    """Those who came with a later import that found records of this one here, and counts upon them."""
    later = ImportedStudent.objects.filter(student_id__in=students, known__gt=0, source_status__in=HERE)
    first = ImportedStudent.objects.filter(transfer=transfer).order_by("pk").values("pk")[:1]
    return {
        key for key in later.exclude(transfer=transfer).filter(pk__gt=first).values_list("student_id", flat=True) if key
    }


def _take_back(transfer: Import, plan: UndoPreview, done: Done) -> None:
    students = [line.student for line in plan.possible]
    made = [line.student for line in plan.possible if line.removes]
    had = count_owned(students)
    taken = take_records(transfer, students, done)
    verify_records(had, count_owned(students), {name: -rows for name, rows in taken.items()})
    lines = ImportedStudent.objects.filter(pk__in=[line.line.pk for line in plan.possible])
    nobody = {"student": None, **dict.fromkeys(IDENTIFIERS, "")}
    updated = lines.filter(is_new=True).update(**nobody)
    updated += lines.update(source_status=SourceStatus.TAKEN_BACK, score_status=ScoreStatus.NONE, rows=0)
    done.add(ImportedStudent._meta.db_table, updated=updated)
    remove_students(made, done)


def _finish(district: District, transfer: Import, plan: UndoPreview, actor: str, at: dt.datetime) -> None:
    students, records = plan.counts
    left = ImportedStudent.objects.filter(transfer=transfer, student__isnull=False, source_status__in=HERE)
    Import.objects.filter(pk=transfer.pk).update(
        state=ImportState.UNDONE,
        undone_at=at,
        undone_by=actor,
        imported=left.count(),
        changed=left.filter(Q(source_status=SourceStatus.CHANGED)).count(),
        rows=F("rows") - records,
    )
    facts = {
        "import": str(transfer.pk),
        "code": str(transfer.code_id),
        "students": students,
        "removed": sum(line.removes for line in plan.possible),
        "kept": len(plan.lines) - students,
        "rows": records,
    }
    append_entry(district.pk, "transfer_undone", actor=actor, at=at, facts=facts)
    theirs = {**facts, "destination_district": district.pk}
    tell_source(transfer, "transfer_taken_back", actor="system:transfers", at=at, facts=theirs)
