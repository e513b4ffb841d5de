"""A request's parameters as one object, each of them checked against what the resource has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from api.oneroster.fields import Field
from api.oneroster.language.errors import bad_filter, bad_selection, bad_value
from api.oneroster.language.filters import Filter, parse_filter
from api.oneroster.language.values import value_of

DEFAULT_LIMIT: Final = 100
MOST: Final = 10_000
"""More than these are not given at once: a higher limit is this one, and the links say so."""
LARGEST: Final = 2**31 - 1
ALWAYS: Final = ("sourcedId", "status", "dateLastModified")
"""What every record shows, whatever was selected (the base of every OneRoster class)."""


class HasFields(Protocol):
    """Something with named fields."""

    def field_named(self, name: str) -> Field | None:
        """The field of this name, as filters and sorting write it."""

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the fields that records show."""


@dataclass(frozen=True)
class Asked:
    """What a list was asked for.

    Attributes:
        where: the filter; none when nothing is filtered.
        sort: the field by which it is sorted; none for the order of sourcedIds.
        fields: the selected fields; none for all.
    """

    limit: int = DEFAULT_LIMIT
    offset: int = 0
    where: Filter | None = None
    sort: Field | None = None
    descending: bool = False
    fields: frozenset[str] | None = field(default=None)


def read_query(query: Mapping[str, str], resource: HasFields) -> Asked:
    """The parameters of a list.

    Raises:
        QueryError: one of them says something that cannot be done.
    """
    return Asked(
        limit=min(_whole(query, "limit", DEFAULT_LIMIT, 1), MOST),
        offset=_whole(query, "offset", 0, 0),
        where=_filter(query.get("filter"), resource),
        sort=_sort(query.get("sort"), resource),
        descending=_descending(query.get("orderBy")),
        fields=read_fields(query.get("fields"), resource),
    )


def read_fields(text: str | None, resource: HasFields) -> frozenset[str] | None:
    """The selected fields and those that are always there; None for all.

    Raises:
        QueryError: a field that records of this kind do not have, or none at all.
    """
    if text is None:
        return None
    names = {name.strip() for name in text.split(",")}
    unknown = sorted(names - {*resource.shown, "metadata"})
    if unknown:
        raise bad_selection("Records of this kind have no such field. They have: " + ", ".join(resource.shown) + ".")
    return frozenset(names | set(ALWAYS))


def _whole(query: Mapping[str, str], name: str, otherwise: int, least: int) -> int:
    text = query.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and least <= int(text) <= LARGEST):
        raise bad_value(f"{name} is a whole number from {least} to {LARGEST}.")
    return int(text)


def _filter(text: str | None, resource: HasFields) -> Filter | None:
    if text is None:
        return None
    parsed = parse_filter(text)
    for clause in parsed.clauses:
        found = resource.field_named(clause.field)
        if found is None:
            raise bad_filter("Records of this kind have no such field. They have: " + ", ".join(resource.shown) + ".")
        if clause.op not in found.ops:
            raise bad_filter(f"{found.name} is compared with one of: {' '.join(sorted(found.ops))}")
        value_of(found, clause.value)
    return parsed


def _sort(text: str | None, resource: HasFields) -> Field | None:
    if text is None:
        return None
    found = resource.field_named(text.strip())
    if found is None or not found.sortable:
        raise bad_selection("Records of this kind cannot be sorted by that.")
    return found


def _descending(text: str | None) -> bool:
    if text is not None and text not in {"asc", "desc"}:
        raise bad_value("orderBy is asc or desc.")
    return text == "desc"
