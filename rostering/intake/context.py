"""What the steps of one import share."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg import sql

from rostering.models import Sync
from rostering.oneroster.findings import Findings
from rostering.oneroster.meanings import first_grade, leaving, meaning
from rostering.oneroster.staging import StagedFile
from rostering.oneroster.words import compose, name
from tenants.models import District

Counts = dict[str, int]


def _no_counts() -> Counts:
    return {"read": 0, "created": 0, "updated": 0, "left": 0, "unchanged": 0, "held": 0}


@dataclass
class Intake:
    """One import under way.

    Attributes:
        files: the staged files, by name.
        school_year: the school year that the bundle rosters for.
        is_first: nobody was on the roster before: nobody can leave, and every row is new.
        counts: per table: read, created, updated, left, unchanged, held.
    """

    sync: Sync
    district: District
    as_of: dt.date
    version: str
    found: Findings
    files: dict[str, StagedFile] = field(default_factory=dict)
    school_year: int = 0
    is_first: bool = False
    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(_no_counts))

    def has(self, file: str) -> bool:
        """Whether the bundle has rows of this file."""
        return file in self.files and self.files[file].rows > 0

    def is_whole(self, file: str) -> bool:
        """Whether a record that the file does not mention has left. An empty file removes nobody."""
        return self.has(file) and self.files[file].mode == "bulk"

    def value(self, file: str, column: str, alias: str = "s") -> sql.Composed:
        """SQL for what a staged column means."""
        return meaning(self.files[file].spec.column(column), alias)

    def grade(self, file: str, alias: str = "s") -> sql.Composed:
        """SQL for the first grade of a row."""
        return first_grade(name("grades", alias))

    def leaving(self, file: str, alias: str = "s") -> sql.Composable:
        """SQL for whether a row says that its record is to be deleted."""
        return leaving(alias) if self.files[file].header.has("status") else sql.SQL("false")

    def values(self, file: str, columns: dict[str, str], alias: str = "s") -> sql.Composable:
        """SQL for a select list: each staged column's meaning under the roster's name for it."""
        spec = self.files[file].spec
        return sql.SQL(", ").join(
            compose("{v} AS {n}", v=meaning(spec.column(column), alias), n=name(target))
            for target, column in columns.items()
        )


def run(statement: sql.Composable, parameters: dict[str, Any] | None = None) -> int:
    """Execute a statement; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(max(cursor.rowcount, 0))


def scalar(statement: sql.Composable, parameters: dict[str, Any] | None = None) -> Any:
    """The first column of the first row of a query; None without a row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return row[0] if row else None
