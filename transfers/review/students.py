"""The list of the students being transferred: searched by name, filtered, one page by key, and who comes next."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from rostering.models import Student
from tenants.templatetags.words import GRADES
from transfers.imports.models import Band, Import, IncomingStudent
from transfers.review.reviewers import people_behind

PAGE: Final = 25
STATUSES: Final = {
    "matched": "Matched",
    "new": "New Student",
    "review": "Needs review",
    "reviewed": "Reviewed",
}
"""The filter "by matching status"."""
ASKED: Final = {
    "matched": Q(match_key__isnull=False),
    "new": Q(match_key__isnull=True),
    "review": Q(band=Band.REVIEW, decision=""),
    "reviewed": ~Q(decision=""),
}
UNCERTAIN: Final = "Needs review: matched, but the match is uncertain"
POSSIBLE: Final = "Needs review: not matched, but your site has students who may possibly be a match"


@dataclass(frozen=True)
class Filters:
    """What of an import's students is asked for.

    Attributes:
        term: all or part of the name.
        status: one of `STATUSES`; empty for all.
    """

    term: str = ""
    grade: str = ""
    status: str = ""


@dataclass(frozen=True)
class Row:
    """One student of the list.

    Attributes:
        record: who they will be imported as; None for a new student, or when the record is not on this site any more.
        reviewer: who decided; empty when nobody has.
    """

    incoming: IncomingStudent
    record: Student | None
    reviewer: str

    @property
    def import_as(self) -> str:
        """The column Import As."""
        return import_as(self.incoming)

    @property
    def flag(self) -> str:
        """What the flag means; empty without one."""
        return flag_words(self.incoming)


@dataclass(frozen=True)
class ReviewPage:
    """One page of the list; `after` is the key from which the next one goes on, None on the last."""

    rows: list[Row]
    after: int | None
    total: int


def import_as(incoming: IncomingStudent) -> str:
    """ "For each student who has a match on your site, you will see Matched in the Import As column"."""
    return "Matched" if incoming.match_key is not None else "New Student"


def flag_words(incoming: IncomingStudent) -> str:
    """Why a student is "especially in need of review"; empty when they are not, or somebody has reviewed them."""
    if not incoming.is_flagged:
        return ""
    return UNCERTAIN if incoming.match_key is not None else POSSIBLE


def students_asked(transfer: Import, filters: Filters) -> QuerySet[IncomingStudent]:
    """An import's students who fit, in the list's order."""
    students = IncomingStudent.objects.filter(transfer=transfer)
    for part in filters.term.replace(",", " ").split():
        named = Q(family_name__icontains=part) | Q(given_name__icontains=part) | Q(preferred_name__icontains=part)
        students = students.filter(named)
    if filters.grade:
        students = students.filter(grade=filters.grade)
    if filters.status:
        students = students.filter(ASKED[filters.status])
    return students.order_by("family_name", "given_name", "pk")


def review_page(transfer: Import, filters: Filters, after: int | None = None, limit: int = PAGE) -> ReviewPage:
    """A page of an import's students. Five queries at most.

    Args:
        after: the key of the last student of the page before; one that is unknown begins at the first.
    """
    asked = students_asked(transfer, filters)
    last = IncomingStudent.objects.filter(transfer=transfer, pk=after).first() if after is not None else None
    found = list((beyond(asked, last) if last else asked)[: limit + 1])
    shown = found[:limit]
    keys = [row.match_key for row in shown if row.match_key is not None]
    records = Student.objects.filter(identity__isnull=False).select_related("identity", "school").in_bulk(keys)
    who = people_behind(row.decided_by for row in shown)
    rows = [
        Row(row, records.get(row.match_key) if row.match_key is not None else None, who.get(row.decided_by, ""))
        for row in shown
    ]
    return ReviewPage(rows, shown[-1].pk if len(found) > limit else None, asked.count())


def next_student(transfer: Import, filters: Filters, current: IncomingStudent) -> IncomingStudent | None:
    """The next student of the list, in its order and with its filters; None after the last."""
    return beyond(students_asked(transfer, filters), current).first()


def beyond(students: QuerySet[IncomingStudent], last: IncomingStudent) -> QuerySet[IncomingStudent]:
    """Those who come after a student in the list's order."""
    family, given = Q(family_name__gt=last.family_name), Q(family_name=last.family_name)
    later = Q(given_name__gt=last.given_name) | Q(given_name=last.given_name, pk__gt=last.pk)
    return students.filter(family | (given & later))


def grades_of(transfer: Import) -> dict[str, str]:
    """The grades of an import's students, with their words."""
    found = set(IncomingStudent.objects.filter(transfer=transfer).values_list("grade", flat=True).distinct())
    return {code: words for code, words in GRADES.items() if code in found}
