"""The schools of a scope a few at a time, in their order: a page of a large district reads those that it shows."""

from itertools import groupby

from reports.yearend.scope import Scope
from rostering.models import School


class Schools:
    """The schools that a scope may speak of, by name and key, taken some at a time.

    Schools of the same name are taken together, so that what is ordered by the name does not go across two takings.
    """

    def __init__(self, scope: Scope, first: int | None) -> None:
        """Look them up.

        Args:
            first: the school to begin with; an unknown one is none.
        """
        found = School.objects.order_by("name", "pk")
        for own in (scope.sight.school_id, scope.school):
            found = found if own is None else found.filter(pk=own)
        begin = School.objects.filter(pk=first).values_list("name", flat=True).first() if first is not None else None
        if begin is not None:
            found = found.filter(name__gte=begin)
        alike = groupby(found.values_list("name", "pk"), lambda row: row[0])
        self._left = [[key for _, key in group] for _, group in alike]

    @property
    def are_left(self) -> bool:
        """Whether there are more."""
        return bool(self._left)

    def take(self, least: int) -> list[int]:
        """The next schools: so many at least, if there are so many."""
        taken: list[int] = []
        while self._left and len(taken) < least:
            taken += self._left.pop(0)
        return taken
