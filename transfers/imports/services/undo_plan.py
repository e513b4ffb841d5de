"""What taking an import back would do, student by student: the preview, which the undo itself goes by."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection
from psycopg import sql

from holds.selectors import held_students
from tenants.schema import current_schema
from transfers.imports import reasons
from transfers.imports.models import Import, ImportedStudent, ImportState, SourceStatus
from transfers.imports.writing.built import built_upon
from transfers.imports.writing.lineage import Brought

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
    again, held = _came_again(transfer, students), _held(students)
    shared = {student for student, lines_of in Counter(students).items() if lines_of > 1}
    for line, student in lines:
        hindered = made.get(student, "") if line.is_new else ""
        if student in held:
            hindered = reasons.ON_HOLD
        elif student in shared:
            hindered = reasons.SHARED
        elif not hindered and student in again:
            hindered = reasons.CAME_AGAIN
        elif not hindered and not brought.all_there(student):
            hindered = reasons.NOT_THERE
        yield UndoLine(line, student, brought.of(student), line.is_new, hindered)


def _held(students: list[int]) -> set[int]:
    """Those on legal hold by themselves, by their school or with the district: nothing of theirs is taken away."""
    query = sql.SQL("SELECT h.id FROM ({}) AS h(id) WHERE h.id = ANY({}::bigint[])")
    with connection.cursor() as cursor:
        cursor.execute(query.format(held_students(current_schema()), sql.Literal(students)))
        return {int(row[0]) for row in cursor.fetchall()}


def _came_again(transfer: Import, students: list[int]) -> set[int]:
    """Those who came with a later import that found records of this one here, and counts upon them."""
    later = ImportedStudent.objects.filter(student_id__in=students, known__gt=0, source_status__in=HERE)
    first = ImportedStudent.objects.filter(transfer=transfer).order_by("pk").values("pk")[:1]
    return {
        key for key in later.exclude(transfer=transfer).filter(pk__gt=first).values_list("student_id", flat=True) if key
    }
