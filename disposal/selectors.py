"""Requests for lists."""

from typing import Final

from django.db.models import Case as When
from django.db.models import IntegerField, QuerySet, Value
from django.db.models import When as If

from disposal.models import OPEN, Case

PER_PAGE: Final = 25
OPEN_FIRST: Final = When(If(state__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
ORDER: Final = (OPEN_FIRST, "due_on", "id")
"""What is open first, by due date: what is overdue is on top."""


def sorted_cases(cases: QuerySet[Case]) -> QuerySet[Case]:
    """What is open first, by due date: what is overdue is on top; then what is done."""
    return cases.order_by(*ORDER)


def cases_of(district_id: int, start: int = 0) -> tuple[list[Case], bool]:
    """A page of a district's requests, and whether there are more."""
    found = list(sorted_cases(Case.objects.filter(district=district_id))[start : start + PER_PAGE + 1])
    return found[:PER_PAGE], len(found) > PER_PAGE
