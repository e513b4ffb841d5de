"""What happened to an import, in order, and what became of each of its students."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from rostering.models import Student
from transfers.imports import reasons
from transfers.imports.models import Import, ImportedStudent, ImportState, SourceStatus
from transfers.review.reviewers import people_behind

PAGE: Final = 25
HERE: Final = (SourceStatus.UNCHANGED, SourceStatus.CHANGED)


@dataclass(frozen=True)
class Event:
    """One step of an import's history."""

    at: dt.datetime
    words: str
    who: str


@dataclass(frozen=True)
class Line:
    """One student of the log as the page shows it.

    Attributes:
        record: the record here; None for somebody who was not imported, or of whom nothing is left.
        may_split: whether records were added to somebody who was here before, so that the match can be taken apart.
    """

    line: ImportedStudent
    record: Student | None
    why: list[str]
    may_split: bool


@dataclass(frozen=True)
class LinePage:
    """One page of the log's lines; `after` is the key from which the next one goes on, None on the last."""

    lines: list[Line]
    after: int | None


def history_of(transfer: Import) -> list[Event]:
    """What was done with an import, the oldest first. One query."""
    ended = ENDED.get(ImportState(transfer.state), "Imported")
    told = [
        (transfer.requested_at, "The transfer code was entered", transfer.requested_by),
        (transfer.analyzed_at, "The import preview was ready", "system:transfers"),
        (transfer.approved_at, "Import Students was selected", transfer.approved_by),
        (transfer.finished_at, ended, transfer.finished_by),
        (transfer.undone_at, "Taken back", transfer.undone_by),
    ]
    who = people_behind(actor for _, _, actor in told)
    return [Event(at, words, who.get(actor, "")) for at, words, actor in told if at is not None]


ENDED: Final = {
    ImportState.FAILED: "The import failed",
    ImportState.CANCELLED: "Cancelled",
    ImportState.EXPIRED: "Expired: the transferred data was destroyed before it was imported",
}


def line_page(transfer: Import, after: int | None = None, limit: int = PAGE) -> LinePage:
    """A page of an import's lines, by name. Three queries at most.

    Args:
        after: the key of the last line of the page before; one that is unknown begins at the first.
    """
    lines = ImportedStudent.objects.filter(transfer=transfer).order_by("family_name", "given_name", "pk")
    last = lines.filter(pk=after).first() if after is not None else None
    if last is not None:
        family, given = Q(family_name__gt=last.family_name), Q(family_name=last.family_name)
        later = Q(given_name__gt=last.given_name) | Q(given_name=last.given_name, pk__gt=last.pk)
        lines = lines.filter(family | (given & later))
    found = list(lines.select_related("student__school")[: limit + 1])
    return LinePage([_line(one) for one in found[:limit]], found[limit - 1].pk if len(found) > limit else None)


def _line(line: ImportedStudent) -> Line:
    is_here = line.student is not None and line.source_status in HERE
    why = [reasons.in_words(code) for code in line.reasons]
    return Line(line, line.student, why, may_split=is_here and not line.is_new)
