"""Next year's roster as a OneRoster 1.2 bundle, made from the roster that is there: promoted, graduated, moved, new.

It works for any district, also for one whose roster came from somebody else's bundle. The district's own SIS would
write this file; here PostgreSQL does, by COPY, so that it costs no memory.
"""

import datetime as dt
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from psycopg import sql

from demo import next_year_sql as statements
from tenants.schema import current_schema

FILES = ("academicSessions", "orgs", "courses", "classes", "users", "roles", "enrollments", "demographics")
ABSENT = (
    "categories",
    "classResources",
    "courseResources",
    "lineItems",
    "lineItemLearningObjectiveIds",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "resultScoreScales",
    "results",
    "scoreScales",
    "userProfiles",
    "userResources",
)


@dataclass(frozen=True)
class Shares:
    """How many in a hundred students move away for good, come back late, and come back too late."""

    moved: int = 3
    late: int = 1
    too_late: int = 1


def plan_next_year(school_year: int, starts_on: dt.date, shares: Shares = Shares()) -> dict[str, int]:
    """Decide for every student of the entered district what the new year brings, in temporary tables.

    Returns how many return, graduate, move away, come back late or too late, and are new.
    """
    parameters = {
        "ladder": statements.LADDER,
        "year": school_year,
        "starts_on": starts_on,
        "ends_on": starts_on.replace(year=school_year, month=6, day=10),
        "moved": shares.moved,
        "late": shares.moved + shares.late,
        "too_late": shares.moved + shares.late + shares.too_late,
    }
    with connection.cursor() as cursor:
        for statement in statements.PLAN:
            cursor.execute(_qualified(statement, parameters))
        cursor.execute("SELECT fate, count(*) FROM pg_temp.next_student GROUP BY fate")
        return dict(cursor.fetchall())


def write_bundle(path: Path, *, fates: tuple[str, ...]) -> Path:
    """Write the planned year as a zipped bulk bundle with the students of these fates; returns the path."""
    with connection.cursor() as cursor:
        for statement in statements.ARRIVING:
            cursor.execute(_qualified(statement, {"fates": list(fates)}))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        bundle.writestr("manifest.csv", _manifest())
        for name in FILES:
            with bundle.open(f"{name}.csv", "w") as member, connection.cursor() as cursor:
                query = _qualified(statements.FILES[name], {})
                with cursor.copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(query)) as rows:
                    for block in rows:
                        member.write(block)
    return path


def _qualified(statement: str, parameters: dict[str, object]) -> sql.Composed:
    literals = {name: sql.Literal(value) for name, value in parameters.items()}
    return sql.SQL(statement).format(schema=sql.Identifier(current_schema()), **literals)


def _manifest() -> str:
    lines = ["propertyName,value", "manifest.version,1.0", "oneroster.version,1.2"]
    lines += [f"file.{name},bulk" for name in FILES]
    lines += [f"file.{name},absent" for name in ABSENT]
    return "\n".join([*lines, "source.systemName,Yearturn demo", "source.systemCode,demo", ""])
