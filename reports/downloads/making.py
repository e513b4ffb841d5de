"""What a download holds: the tables, how large they are, and the file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from psycopg import sql

from reports.asking.reading import Reading
from reports.downloads import terms
from reports.formats import Format
from reports.formats.csv import csv_chunks
from reports.formats.whole import whole_file
from reports.patience import TooSlowError, patience
from reports.yearend.compile import sheets, students_in_report
from reports.yearend.scope import Scope
from reports.yearend.sheet import Heading, Sheet
from rostering.models import Student

MEASURE = "SELECT count(*) FROM (SELECT FROM ({query}) AS t LIMIT {limit}) AS counted"


@dataclass(frozen=True)
class Size:
    """How large a download is; of a large one nobody waits to be told how large."""

    students: int | None
    rows: int | None
    is_small: bool


LARGE = Size(None, None, False)


def sheets_for(reading: Reading, form: Format) -> tuple[Sheet, ...]:
    """The tables of a file: all of the report's where the format holds several, else the one that is looked at."""
    made = sheets(reading.report, reading.scope, reading.grain)
    return made if form.is_whole else tuple(sheet for sheet in made if sheet.code == reading.part.code)


def size_of(reading: Reading, form: Format, tables: tuple[Sheet, ...]) -> Size:
    """How many students and rows a download has; rows are counted only as far as they decide whether it is small.

    What takes long to count is large: the file would take longer yet.
    """
    few = terms.STUDENTS_AT_ONCE[form.code]
    if _is_of_many(reading.scope, few):
        return LARGE
    try:
        with patience(settings.REPORT_COUNTING_MS):
            return _counted(reading, few, terms.ROWS_AT_ONCE[form.code], tables)
    except TooSlowError:
        return LARGE


def _counted(reading: Reading, few: int, most: int, tables: tuple[Sheet, ...]) -> Size:
    students = students_in_report(reading.report, reading.scope)
    if students > few:
        return LARGE
    rows = 0
    for sheet in tables:
        rows += _rows(sheet.query, most + 1)
        if rows > most:
            return LARGE
    return Size(students, rows, True)


def count_rows(tables: tuple[Sheet, ...]) -> int:
    """How many rows the tables have, all together."""
    return sum(_rows(sheet.query, None) for sheet in tables)


def write_file(
    path: Path, form: Format, heading: Heading, tables: tuple[Sheet, ...], told: Callable[[int], None]
) -> int:
    """Write a file, and say how many rows it has.

    Args:
        told: is told now and then how many rows there are so far, where the format knows.

    Raises:
        DatabaseError: a query failed; there is no file then.
    """
    return WRITERS[form.code](path, heading, tables, told)


def _csv(path: Path, _heading: Heading, tables: tuple[Sheet, ...], told: Callable[[int], None]) -> int:
    with whole_file(path) as part, part.open("wb") as out:
        return _drained(csv_chunks(tables[0]), out.write, told)


def _parquet(path: Path, _heading: Heading, tables: tuple[Sheet, ...], _told: Callable[[int], None]) -> int:
    from reports.formats.parquet import write_parquet  # noqa: PLC0415 - Arrow's memory for those who use it

    return write_parquet(path, tables[0])


def _excel(path: Path, heading: Heading, tables: tuple[Sheet, ...], _told: Callable[[int], None]) -> int:
    from reports.formats.excel import write_excel  # noqa: PLC0415 - the same

    return write_excel(path, heading, tables)


def _pdf(path: Path, heading: Heading, tables: tuple[Sheet, ...], _told: Callable[[int], None]) -> int:
    from reports.formats.pdf import write_pdf  # noqa: PLC0415 - the same

    return write_pdf(path, heading, tables)


WRITERS: Final = {"csv": _csv, "parquet": _parquet, "xlsx": _excel, "pdf": _pdf}


def file_name(reading: Reading, form: Format) -> str:
    """A file's name: the district's host, the report, and the years; nobody's name."""
    years = sorted(reading.scope.years)
    period = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    what = reading.report.code if form.is_whole else f"{reading.report.code}-{reading.part.code}"
    ending = "-publication" if reading.scope.for_outsiders else ""
    return f"{reading.district.slug}-{what}-{period}{ending}.{form.code}"


def facts_of(reading: Reading, form: str, students: int, rows: int | None) -> dict[str, Any]:
    """What the ledger says of a download: which report, of how many; that it was filtered by a student, not by whom."""
    scope = reading.scope
    filters = ("product", "school", "grade", "section", "group", "student", "since", "until")
    return {
        "report": reading.report.code,
        "table": reading.part.code,
        "format": form,
        "grain": str(reading.grain),
        "years": sorted(scope.years),
        "school": scope.school if scope.sight.school_id is None else scope.sight.school_id,
        "filtered_by": [name for name in filters if getattr(scope, name) not in (None, "")],
        "for_outsiders": scope.for_outsiders,
        "students": students,
        "rows": rows,
    }


def _is_of_many(scope: Scope, few: int) -> bool:
    """Whether everybody of a large district or school is asked for: told by the roster, without reading a fact."""
    narrow = (scope.school, scope.section, scope.group, scope.student, scope.sight.educator_id)
    if scope.grade or any(key is not None for key in narrow):
        return False
    own = {} if scope.sight.school_id is None else {"school_id": scope.sight.school_id}
    return Student.objects.filter(**own).values("pk")[: few + 1].count() > few


def _rows(query: sql.Composed, limit: int | None) -> int:
    counted = sql.SQL(MEASURE).format(query=query, limit=sql.Literal(limit) if limit else sql.SQL("ALL"))
    with connection.cursor() as cursor:
        cursor.execute(counted)
        return int(cursor.fetchone()[0])


def _drained(chunks: "Iterator[bytes]", take: Callable[[bytes], Any], told: Callable[[int], None]) -> int:
    """Hand on all chunks; a line of CSV is about a row, which is enough to say how far it is."""
    lines = 0
    while True:
        try:
            chunk = next(chunks)
        except StopIteration as end:
            return int(end.value)
        take(chunk)
        lines += chunk.count(b"\n")
        told(lines)
