"""A OneRoster resource: a relation of the district's schema, its fields, and what narrows it. No query is run here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from psycopg import sql

from api.oneroster.fields import Field, Kind
from tenants.schema import district_table

TABLES = (
    *(
        f"rostering_{table}"
        for table in (
            "parentorg", "school", "academicsession", "course", "section", "enrollment", "teachingassignment",
            "student", "studentidentity", "studentdemographics", "educator", "educatoridentity", "educatorrole",
            "guardian", "guardianidentity", "studentguardian",
        )
    ),
)  # fmt: skip
"""The tables that a template may name, as `{school}`."""


@dataclass(frozen=True)
class Resource:
    """One kind of record.

    Attributes:
        plural: what a list is called (`academicSessions`).
        single: what one record is called.
        relation: SQL for FROM. A LEFT JOIN on a unique key costs nothing where no field of it is asked.
        key: SQL of the sourcedId, alone: a page is found by an index over it.
        fields: what records show and filters know.
        where: SQL that every record fulfils.
        school: SQL that a record of the school `%s` fulfils.
        by: what further narrows it, by name; each is SQL with one `%s`.
        old: whether 1.1 has records of this kind; a function that makes a 1.2 record one of 1.1.
    """

    plural: str
    single: str
    relation: str
    key: str
    fields: tuple[Field, ...]
    where: str = "true"
    school: str = "false"
    by: Mapping[str, str] = field(default_factory=dict)
    old: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    tables: tuple[str, ...] = TABLES

    @cached_property
    def _named(self) -> dict[str, Field]:
        return {name: one for one in self.fields for name in one.names}

    def field_named(self, name: str) -> Field | None:
        """The field of this name, as filters and sorting write it."""
        return self._named.get(name)

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The names of the fields that records show."""
        return tuple(one.name for one in self.fields if not one.hidden)

    def compose(self, template: str) -> sql.Composed:
        """SQL of this resource with the entered district's tables."""
        return sql.SQL(template).format(**{table.partition("_")[2]: district_table(table) for table in self.tables})


def base(modified: str, active: str, key: str) -> tuple[Field, ...]:
    """The three fields that every record has.

    Args:
        modified: SQL of when it last changed.
        active: SQL of whether it is there still.
        key: SQL of its sourcedId.
    """
    return (
        Field("sourcedId", key),
        Field("status", f"CASE WHEN {active} THEN 'active' ELSE 'tobedeleted' END"),
        # Milliseconds are what is shown, so they are what is compared.
        Field("dateLastModified", f"date_trunc('milliseconds', {modified})", Kind.MOMENT),
    )


def word(expression: str, words: tuple[str, ...], renamed: Mapping[str, str] | None = None) -> str:
    """SQL of a word of a closed list; another one becomes an extension (`ext:...`), as the document wants it."""
    cases = "".join(f" WHEN '{old}' THEN '{new}'" for old, new in (renamed or {}).items())
    listed = ", ".join(f"'{one}'" for one in words)
    said = f"CASE {expression}{cases} ELSE {expression} END" if cases else expression
    other = (
        rf"'ext:' || coalesce(nullif(regexp_replace({expression}, '^ext:|[^a-zA-Z0-9._-]', '', 'g'), ''), 'unknown')"
    )
    return f"CASE WHEN {said} IN ({listed}) THEN {said} ELSE {other} END"


def listed(expression: str) -> str:
    """SQL of a comma-joined column as an array without blanks."""
    return rf"array_remove(regexp_split_to_array(btrim({expression}), '\s*,\s*'), '')"
