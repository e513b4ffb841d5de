"""The tables of the Import Student Data tab: Pending Imports and Completed Imports, the newest at the top."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.pages import Chip
from tenants.templatetags.words import grade_words
from transfers.codes.models import Kind
from transfers.imports import reasons
from transfers.imports.models import Import, ImportedStudent, ImportState, IncomingStudent
from transfers.imports.models_imports import PENDING
from transfers.imports.services import UNDO_DAYS, is_importing
from transfers.review.counts import PreviewCounts, preview_counts
from transfers.review.status import remaining, status_chip

PAGE: Final = 20
ENDED: Final = (ImportState.COMPLETED, ImportState.FAILED, ImportState.UNDONE)
"""The states of "Completed Imports"."""


@dataclass(frozen=True)
class Listed:
    """One import as the tables show it.

    Attributes:
        students: "If you transferred a single student, this will show you the student's name. If you transferred a
            grade, you'll see which grade was transferred."
        why: what a failure's reason means; empty where only support can tell.
        undo_until: the last moment at which it can be taken back; None when it cannot.
    """

    transfer: Import
    students: str
    chip: Chip
    counts: PreviewCounts
    remaining: int
    why: str
    undo_until: dt.datetime | None

    @property
    def is_busy(self) -> bool:
        """Whether a worker is at it, so that the page looks again."""
        return self.transfer.state == ImportState.ANALYZING or is_importing(self.transfer)

    @property
    def percent(self) -> int:
        """How much of the data is read."""
        return min(100, 100 * self.counts.staged // self.transfer.students) if self.transfer.students else 0


@dataclass(frozen=True)
class CompletedPage:
    """One page of completed imports; `after` is the key from which the next one goes on, None on the last."""

    imports: list[Listed]
    after: UUID | None


def imports_in(school_id: int | None) -> QuerySet[Import]:
    """The imports that somebody may see: all of the entered district's, or those into their own school."""
    imports = Import.objects.select_related("school")
    return imports if school_id is None else imports.filter(school_id=school_id)


def pending_imports(school_id: int | None, at: dt.datetime) -> list[Listed]:
    """Pending Imports, the newest at the top. Three queries at most, however many students they have.

    Args:
        school_id: the one school that somebody may see; None for all.
    """
    return listed(imports_in(school_id).filter(state__in=PENDING), at)


def completed_imports(
    school_id: int | None, at: dt.datetime, after: UUID | None = None, limit: int = PAGE
) -> CompletedPage:
    """A page of Completed Imports, the newest at the top. Four queries at most.

    Args:
        after: the key of the last import of the page before; one that is unknown begins at the newest.
    """
    imports = imports_in(school_id).filter(state__in=ENDED)
    last = imports.filter(pk=after).first() if after is not None else None
    if last is not None:
        earlier = Q(requested_at__lt=last.requested_at) | Q(requested_at=last.requested_at, pk__lt=last.pk)
        imports = imports.filter(earlier)
    found = list(imports[: limit + 1])
    return CompletedPage(listed(found[:limit], at), found[limit - 1].pk if len(found) > limit else None)


def listed(imports: Iterable[Import], at: dt.datetime) -> list[Listed]:
    """Some imports as the tables show them, in the order in which they come."""
    found = list(imports)
    names = _names([one.pk for one in found if one.kind == Kind.STUDENT])
    counts = preview_counts(one.pk for one in found if one.state not in ENDED)
    return [
        Listed(
            transfer=one,
            students=names.get(one.pk, "One student") if one.kind == Kind.STUDENT else grade_words(one.grade),
            chip=status_chip(one),
            counts=counts.get(one.pk, PreviewCounts()),
            remaining=remaining(one),
            why=reasons.in_words(one.reason) if one.reason else "",
            undo_until=undo_until(one, at),
        )
        for one in found
    ]


def undo_until(transfer: Import, at: dt.datetime) -> dt.datetime | None:
    """Until when an import with students can be taken back; None when it cannot (any more)."""
    if transfer.finished_at is None or not transfer.imported or transfer.state not in UNDOABLE:
        return None
    until = transfer.finished_at + dt.timedelta(days=UNDO_DAYS)
    return until if at < until else None


UNDOABLE: Final = (ImportState.COMPLETED, ImportState.UNDONE)


def _names(imports: list[UUID]) -> dict[UUID, str]:
    """The names of the single students of imports, staged or imported."""
    if not imports:
        return {}
    found = {}
    for model in (IncomingStudent, ImportedStudent):
        people = model._default_manager.filter(transfer__in=imports)
        for key, given, family in people.values_list("transfer_id", "given_name", "family_name"):
            found[key] = f"{given} {family}"
    return found
