"""The words in which a OneRoster resource is declared: fields, their kinds, and how a value is written as JSON."""

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote


class Kind(enum.StrEnum):
    """What a field's SQL gives, and how filters compare it."""

    TEXT = "text"
    WORD = "word"
    """A word of a closed list, or `ext:...`; any other is made one."""
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    NUMBER = "number"
    LIST = "list"
    """An array of texts."""
    ANY = "texts"
    """An array of texts, compared one by one: a filter holds when it does for one of them."""
    REF = "reference"
    """A sourcedId."""
    REFS = "references"
    """An array of sourcedIds."""
    DATA = "data"
    """JSON of the record's own shape, which filters do not look into."""


ORDERED: Final = frozenset({"=", "!=", ">", ">=", "<", "<="})
OPS: Final = {
    Kind.TEXT: ORDERED | {"~"},
    Kind.WORD: ORDERED | {"~"},
    Kind.DATE: ORDERED,
    Kind.MOMENT: ORDERED,
    Kind.FLAG: frozenset({"=", "!="}),
    Kind.NUMBER: ORDERED,
    Kind.LIST: frozenset({"=", "!=", "~"}),
    Kind.ANY: frozenset({"=", "!=", "~"}),
    Kind.REF: ORDERED | {"~"},
    Kind.REFS: frozenset({"=", "!=", "~"}),
    Kind.DATA: frozenset[str](),
}
Shape = Callable[[Any, "Hrefs"], Any]


@dataclass(frozen=True)
class Hrefs:
    """Makes references: where this provider is, and in which version it speaks.

    Attributes:
        roster: the address of the rostering service, without a slash at the end.
        gradebook: that of the gradebook service.
        old: whether it is version 1.1.
    """

    roster: str
    gradebook: str
    old: bool = False

    def ref(self, path: str, kind: str, sourced_id: str) -> dict[str, str]:
        """A reference to one record."""
        service = self.gradebook if path in GRADEBOOK_PATHS else self.roster
        return {"href": f"{service}/{path}/{quoted(sourced_id)}", "sourcedId": sourced_id, "type": kind}


GRADEBOOK_PATHS: Final = frozenset(
    {"categories", "lineItems", "results", "scoreScales", "assessmentLineItems", "assessmentResults"}
)
TARGETS: Final = {
    "academicSession": "academicSessions",
    "org": "orgs",
    "course": "courses",
    "class": "classes",
    "user": "users",
    "category": "categories",
    "lineItem": "lineItems",
    "scoreScale": "scoreScales",
    "assessmentLineItem": "assessmentLineItems",
}
"""Where each kind of reference leads."""


def quoted(sourced_id: str) -> str:
    """A sourcedId inside of an address."""
    return quote(sourced_id, safe="")


@dataclass(frozen=True)
class Field:
    """One field of a resource.

    Attributes:
        name: as in the official document.
        sql: its value, from the aliases of the resource's relation.
        to: for references, the kind of what they lead to (a key of TARGETS).
        words: for words, the closed list.
        needed: shown also when it is empty, because the document requires it.
        shape: for data, makes the JSON of what the SQL gave.
        hidden: filters know it, records do not show it.
        aliases: other names in filters, such as `school.sourcedId`.
    """

    name: str
    sql: str
    kind: Kind = Kind.TEXT
    to: str = ""
    words: tuple[str, ...] = ()
    needed: bool = False
    shape: Shape | None = None
    hidden: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def ops(self) -> frozenset[str]:
        """The operators that make sense of it."""
        return OPS[self.kind]

    @property
    def sortable(self) -> bool:
        """Whether it is one value, which has an order."""
        return self.kind not in {Kind.LIST, Kind.ANY, Kind.REFS, Kind.DATA}

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that filters may use for it."""
        own = (self.name, f"{self.name}.sourcedId") if self.kind in {Kind.REF, Kind.REFS} else (self.name,)
        return (*own, *self.aliases)


def json_of(field: Field, value: Any, hrefs: Hrefs) -> Any:
    """A value of the database as the document writes it; None when the record does not show it."""
    if field.kind is Kind.DATA:
        return field.shape(value, hrefs) if field.shape and value is not None else value
    if value is None or value in ("", []):
        return "" if field.needed and field.kind is Kind.TEXT else None
    if field.kind in SIMPLE:
        return SIMPLE[field.kind](value)
    if field.kind is Kind.REF:
        return hrefs.ref(TARGETS[field.to], field.to, value)
    if field.kind is Kind.REFS:
        return [hrefs.ref(TARGETS[field.to], field.to, one) for one in value]
    return value


def moment_text(moment: dt.datetime) -> str:
    """A moment with thousandths of a second, as `2012-04-23T18:25:43.511Z`."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


SIMPLE: Final[dict[Kind, Callable[[Any], str]]] = {
    Kind.MOMENT: moment_text,
    Kind.DATE: dt.date.isoformat,
    Kind.FLAG: lambda value: "true" if value else "false",
}
"""How values are written that need nothing but themselves."""
