"""Identifiers of which a site has each once: which are in use here, and by whom."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from django.db.models.functions import Lower

from rostering.models import StudentIdentity
from transfers.imports import reasons
from transfers.packet.people import PacketPerson

DROPPABLE: Final = {
    "student_number": reasons.STUDENT_NUMBER,
    "username": reasons.USERNAME,
    "email": reasons.EMAIL,
}
"""What a new record is made without when another student here uses it, and the reason that says so."""
IDENTIFIERS: Final = ("student_number", "state_id", "username", "email")
ANY_CASE: Final = ("username", "email")
"""Those in which capitals make no difference."""


def same_form(name: str, value: str) -> str:
    """An identifier in the form in which two of them are compared."""
    return value.strip().lower() if name in ANY_CASE else value.strip()


def differing(person: PacketPerson, record: StudentIdentity) -> bool:
    """Whether an identifier has a value on both sites, and not the same."""
    pairs = [(same_form(name, getattr(person, name)), same_form(name, getattr(record, name))) for name in IDENTIFIERS]
    return any(theirs and ours and theirs != ours for theirs, ours in pairs)


class InUse:
    """Who in the entered district uses the identifiers of some people. One query for each identifier."""

    def __init__(self, people: Iterable[PacketPerson]) -> None:
        everybody = list(people)
        self._owners: dict[tuple[str, str], set[int]] = defaultdict(set)
        for name in IDENTIFIERS:
            values = {same_form(name, getattr(person, name)) for person in everybody} - {""}
            for value, student in _owned(name, values):
                self._owners[name, same_form(name, value)].add(student)

    def others(self, name: str, person: PacketPerson) -> set[int]:
        """The students here who use somebody's identifier; none where it is empty."""
        value = same_form(name, getattr(person, name))
        return self._owners.get((name, value), set()) if value else set()

    def claim(self, person: PacketPerson, dropped: frozenset[str]) -> None:
        """Let a student who is about to be made use theirs: the next one of the same packet must not."""
        for name in IDENTIFIERS:
            value = same_form(name, getattr(person, name))
            if value and name not in dropped:
                self._owners[name, value].add(-person.source_key)


def _owned(name: str, values: set[str]) -> Iterable[tuple[str, int]]:
    if not values:
        return ()
    identities = StudentIdentity.objects.all()
    if name in ANY_CASE:
        identities = identities.annotate(form=Lower(name)).filter(form__in=values)
    else:
        identities = identities.filter(**{f"{name}__in": values})
    return identities.values_list(name, "pk")
