"""`filter=familyName~'son' AND status='active'`: one or two clauses, joined by AND or OR, parsed to plain data."""

import enum
import re
from dataclasses import dataclass
from typing import Final

from api.oneroster.language.errors import QueryError, bad_filter

LONGEST: Final = 2000


class Op(enum.StrEnum):
    """The six comparisons and "contains", as they are written."""

    EQ = "="
    NE = "!="
    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
    CONTAINS = "~"


class Join(enum.StrEnum):
    """What stands between two clauses."""

    AND = "AND"
    OR = "OR"


@dataclass(frozen=True)
class Clause:
    """One comparison: a field's name with dots, the operator, the text that it is compared with."""

    field: str
    op: Op
    value: str


@dataclass(frozen=True)
class Filter:
    """One clause, or two and what joins them."""

    clauses: tuple[Clause, ...]
    join: Join = Join.AND


CLAUSE: Final = re.compile(
    r"\s*(?P<field>[A-Za-z][A-Za-z0-9_.\-]*)\s*(?P<op>!=|>=|<=|=|>|<|~)\s*"
    r"(?:'(?P<quoted>(?:[^'\\]|''|\\.)*)'|(?P<bare>[^\s']+))",
    re.DOTALL,
)
JOIN: Final = re.compile(r"\s+(AND|OR)(?=\s)", re.IGNORECASE)
ESCAPED: Final = re.compile(r"''|\\(.)", re.DOTALL)


def parse_filter(text: str) -> Filter:
    """Read a filter.

    A quote inside of a value is doubled, or has a backslash before it. A value without quotes ends at a space: the
    specification wants quotes, and programs leave them out for numbers and flags.

    Raises:
        QueryError: it is not a filter of one or two clauses.
    """
    if len(text) > LONGEST:
        raise bad_filter(f"The filter is longer than {LONGEST} characters.")
    if "\0" in text:
        raise bad_filter("The filter has a character that no value can have.")
    first, at = _clause(text, 0)
    if not text[at:].strip():
        return Filter((first,))
    joined = JOIN.match(text, at)
    if not joined:
        raise _unreadable(text, at)
    second, end = _clause(text, joined.end())
    if text[end:].strip():
        raise bad_filter("A filter has at most two clauses, joined by AND or OR.")
    return Filter((first, second), Join(joined.group(1).upper()))


def write_filter(parsed: Filter) -> str:
    """A filter as text, which `parse_filter` reads as the same."""
    clauses = [f"{clause.field}{clause.op}'{_escape(clause.value)}'" for clause in parsed.clauses]
    return f" {parsed.join} ".join(clauses)


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _clause(text: str, at: int) -> tuple[Clause, int]:
    found = CLAUSE.match(text, at)
    if not found:
        raise _unreadable(text, at)
    quoted = found.group("quoted")
    value = found.group("bare") if quoted is None else ESCAPED.sub(lambda m: m.group(1) or "'", quoted)
    return Clause(found.group("field"), Op(found.group("op")), value), found.end()


def _unreadable(text: str, at: int) -> QueryError:
    return bad_filter(
        f"The filter cannot be read at character {min(at, len(text)) + 1}: write <field><operator>'<value>',"
        " with one of = != > >= < <= ~."
    )
