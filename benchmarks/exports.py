"""A whole district's facts as a file, each made by a process of its own, beside psql's copy of the same query."""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.db import connection

if TYPE_CHECKING:
    from benchmarks.measure import Result
    from reports.yearend.sheet import Sheet

ROUNDS, MANY = 3, 10_000_000
"""Of so many facts or more there are two rounds: each is long enough."""
EXCEL_ROWS = 1_000_000
"""More are a few sheets of the same: it is told by the row."""
MEMORY = 150
FACTS = (
    ("Usage", "literacy_usage", "minutes"),
    ("Usage", "literacy_usagearchive", "minutes"),
    ("Lesson", "literacy_progress", "attempts"),
    ("Benchmark", "literacy_benchmark", "score"),
    ("Benchmark", "literacy_benchmarkarchive", "score"),
    ("Action Area", "literacy_actionarea", "lessons_failed"),
    ("Group", "literacy_groupmember", "NULL::int"),
    ("Placement", "literacy_placement", "score"),
    ("Portfolio", "literacy_portfolioartifact", "NULL::int"),
    ("Usage", "math_usage", "minutes"),
    ("Lesson", "math_progress", "attempts"),
    ("Assessment", "math_assessment", "score"),
    ("Pathway", "math_pathway", "position"),
    ("Behavior", "hero_trackingevent", "NULL::int"),
    ("Points", "hero_points", "points"),
    ("Star", "renaissance_starassessment", "scaled_score"),
    ("CBM", "renaissance_cbmassessment", "correct_per_minute"),
    ("Quiz", "renaissance_quiz", "percent_correct"),
    ("Mastery", "renaissance_mastery", "level"),
)
QUERY = """
SELECT concat_ws(', ', i.family_name, i.given_name) AS student, i.student_number AS number, s.name AS school, st.grade,
       f.product, f.occurred_on, f.what, f.amount
FROM ({facts}) AS f
JOIN {student} AS st ON st.id = f.student_id
LEFT JOIN {identity} AS i ON i.student_id = f.student_id
JOIN {school} AS s ON s.id = f.school_id
"""


@dataclass(frozen=True)
class Made:
    """A file that a process made.

    Attributes:
        peak: megabytes that the process held at most.
        size: megabytes of the file.
    """

    seconds: float
    rows: int
    peak: float
    size: float


def measure(facts: list[int], students: int) -> "Iterator[Result]":
    """Each format at each number of facts of so many students."""
    from benchmarks.database import use_database  # noqa: PLC0415
    from benchmarks.large_data import large_database  # noqa: PLC0415

    own = str(connection.settings_dict["NAME"])
    for number in facts:
        database = large_database(own, number, students)
        use_database(database)
        yield from _of_one(database, number, with_excel=number == facts[0])
    use_database(own)


def _of_one(database: str, number: int, *, with_excel: bool) -> "Iterator[Result]":
    from benchmarks.measure import Result  # noqa: PLC0415

    floors, made = [], []
    for _ in range(ROUNDS if number < MANY else 2):
        floors.append(_by_psql(database))
        made.append(_by_process("csv", database))
    floor = statistics.median(floors)
    what = f"{number:,} facts"
    note = f"{made[0].rows:,} rows; psql's \\copy of the same query to stdout"
    yield Result(f"whole-district CSV, {what}", statistics.median(each.seconds for each in made), floor, 1.5, note)
    peak = max(each.peak for each in made)
    yield Result(f"peak memory of the CSV, {what}", peak, None, MEMORY, "the process with Django", unit="MB")
    parquet = _by_process("parquet", database)
    yield Result(f"whole-district Parquet, {what}", parquet.seconds, floor, None, _told(parquet))
    if with_excel:
        excel = _by_process("excel", database)
        yield Result(f"Excel, {excel.rows:,} rows", excel.seconds, floor * excel.rows / number, None, _told(excel))


def _told(made: Made) -> str:
    return f"the same \\copy, for so many rows; file {made.size:,.0f} MB, peak memory {made.peak:,.0f} MB"


def _by_psql(database: str) -> float:
    from benchmarks.measure import seconds  # noqa: PLC0415
    from benchmarks.reset_floor import run_psql  # noqa: PLC0415

    query = " ".join(facts_sheet().query.as_string().split())
    return seconds(lambda: run_psql(database, f"\\copy ({query}) to stdout with (format csv, header)\n"))


def _by_process(job: str, database: str) -> Made:
    """What a process of its own tells of the file that it made.

    Raises:
        CalledProcessError: it failed; its words are on standard error.
    """
    command = [sys.executable, "-m", "benchmarks.exports", job, database]
    told = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
    taken, rows, peak, size = told.split()
    return Made(float(taken), int(rows), float(peak), float(size))


def facts_sheet(limit: int | None = None) -> "Sheet":
    """Every fact of the district with its student's name, school and grade."""
    from psycopg import sql  # noqa: PLC0415

    from benchmarks.large_data import the_district  # noqa: PLC0415
    from reports.yearend.columns import Column, Kind  # noqa: PLC0415
    from reports.yearend.sheet import Sheet  # noqa: PLC0415

    schema = the_district().schema_name
    one = "SELECT {what} AS what, student_id, school_id, product, occurred_on, {amount} AS amount FROM {table}"
    facts = sql.SQL(" UNION ALL ").join(
        sql.SQL(one).format(what=sql.Literal(what), amount=sql.SQL(amount), table=sql.Identifier(schema, table))
        for what, table, amount in FACTS
    )
    names = {name: sql.Identifier(schema, f"rostering_{name}") for name in ("student", "school")}
    identity = sql.Identifier(schema, "rostering_studentidentity")
    query = sql.SQL(QUERY).format(facts=facts, identity=identity, **names)
    if limit is not None:
        query += sql.SQL("LIMIT {}").format(sql.Literal(limit))
    columns = (
        Column("student", "Student", personal=True),
        Column("number", "Student number", personal=True),
        Column("school", "School"),
        Column("grade", "Grade"),
        Column("product", "Product"),
        Column("occurred_on", "Day", Kind.DATE),
        Column("what", "What"),
        Column("amount", "Amount", Kind.WHOLE),
    )
    return Sheet("facts", "Facts", columns, query)


def _make(job: str, folder: Path) -> tuple[int, Path]:
    """Make a file; its rows, and where it is. CSV is thrown away as it comes, as psql's is."""
    path = folder / job
    if job == "csv":
        from reports.formats.csv import csv_chunks  # noqa: PLC0415

        with Path(os.devnull).open("wb") as out:
            lines = 0
            for chunk in csv_chunks(facts_sheet()):
                out.write(chunk)
                lines += chunk.count(b"\n")
        return lines - 1, path
    if job == "parquet":
        from reports.formats.parquet import write_parquet  # noqa: PLC0415

        return write_parquet(path, facts_sheet()), path
    return _make_excel(path), path


def _make_excel(path: Path) -> int:
    from reports.formats.excel import write_excel  # noqa: PLC0415
    from reports.yearend.sheet import Heading  # noqa: PLC0415
    from tenants import clock  # noqa: PLC0415

    heading = Heading("Bench", "Facts", "2025-26", (), clock.now(), "District")
    return write_excel(path, heading, [facts_sheet(EXCEL_ROWS)])


def main() -> None:
    """Make one file, and print its seconds, its rows, and the megabytes of the process's peak and of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=["csv", "parquet", "excel"])
    parser.add_argument("database")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.bench")
    django.setup()
    from benchmarks.memory import peak_of_this_process  # noqa: PLC0415

    connection.settings_dict["NAME"] = given.database
    with tempfile.TemporaryDirectory(prefix="yearturn-bench-") as folder:
        started = time.perf_counter()
        rows, path = _make(given.job, Path(folder))
        taken = time.perf_counter() - started
        size = path.stat().st_size / 1e6 if path.exists() else 0.0
    print(taken, rows, peak_of_this_process(), size)


if __name__ == "__main__":
    main()
