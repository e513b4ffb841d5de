"""Merging duplicates is offered afterwards: pairs of records by name, with who may merge them."""

from collections.abc import Iterable
from dataclasses import dataclass

from rostering.models import Student
from transfers.imports.duplicates import DuplicatePair


@dataclass(frozen=True)
class NamedPair:
    """A record that the import made, and one that may be the same child's.

    Attributes:
        may_merge: whether both are within the asker's sight; a school admin asks a district admin otherwise.
    """

    pair: DuplicatePair
    made: Student
    twin: Student
    may_merge: bool


def named_pairs(pairs: Iterable[DuplicatePair], school_id: int | None) -> list[NamedPair]:
    """Likely duplicates as the page shows them, in one query."""
    found = list(pairs)
    keys = {key for pair in found for key in (pair.made, pair.twin)}
    records = Student.objects.filter(identity__isnull=False).select_related("identity", "school").in_bulk(list(keys))
    known = [(pair, records[pair.made], records[pair.twin]) for pair in found if {pair.made, pair.twin} <= set(records)]
    return [
        NamedPair(pair, made, twin, school_id is None or {made.school_id, twin.school_id} == {school_id})
        for pair, made, twin in known
    ]
