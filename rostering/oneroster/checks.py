"""Checking rows by SQL that is generated from the declared columns: one scan counts every problem of a file; only if
there are errors among them, a second one fetches their rows."""

from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from rostering.oneroster.columns import Column, Kind
from rostering.oneroster.findings import BATCH, Findings
from rostering.oneroster.judging import judgement
from rostering.oneroster.meanings import leaving
from rostering.oneroster.staging import StagedFile
from rostering.oneroster.words import compose, name

COUNT = """
SELECT j.col, j.code, count(*) FROM (SELECT * FROM {source} AS rows WHERE coalesce({all}) IS NOT NULL) AS s
CROSS JOIN LATERAL (VALUES {judged}) AS j (col, code) WHERE j.code IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
"""
FETCH = "SELECT row_no, {shown} FROM {source} AS s WHERE ({judged}) = {code} ORDER BY row_no"
ANY_TWICE = "SELECT EXISTS (SELECT FROM {table} GROUP BY hashtextextended({key}, 0) HAVING count(*) > 1)"
DUPLICATES = """
SELECT row_no, {shown} FROM (
    SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY row_no) AS nth FROM {table}
    WHERE {key} IN (SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1)
) AS s WHERE nth > 1 ORDER BY row_no
"""
SHOWN_KINDS = (
    Kind.ID,
    Kind.REF,
    Kind.REFS,
    Kind.DATE,
    Kind.DATETIME,
    Kind.YEAR,
    Kind.BOOL,
    Kind.ENUM,
    Kind.GRADES,
    Kind.NUMBER,
)
BARE_IF_LEAVING = ("sourcedId", "status", "dateLastModified")


def check_rows(file: StagedFile, source: sql.Composable, found: Findings) -> None:
    """Judge every value of the rows of `source`: the file's staging table, or those of its rows that are new."""
    judged = {column: _judged(column, file, found) for column in file.header.present}
    pairs = sql.SQL(", ").join(
        compose("({col}, {code})", col=sql.Literal(column.name), code=code) for column, code in judged.items()
    )
    everything = sql.SQL(", ").join(judged.values())
    with connection.cursor() as cursor:
        cursor.execute(compose(COUNT, source=source, all=everything, judged=pairs))
        counted = cursor.fetchall()
    for column_name, code, count in counted:
        column = file.spec.column(column_name)
        words = {"words": ", ".join(column.words), "kind": column.kind.value}
        if not found.is_error(code):
            found.warn(code, file.spec.file, column_name, count, **words)
            continue
        query = compose(FETCH, shown=_shown(column), source=source, judged=judged[column], code=sql.Literal(code))
        found.add_many(code, file.spec.file, column_name, fetched(query), **words)
    _note_mode_conflict(file, {(column, code): count for column, code, count in counted}, found)


def check_duplicates(file: StagedFile, found: Findings) -> None:
    """Refuse every row whose sourcedId an earlier row has."""
    key = file.spec.columns[0]
    with connection.cursor() as cursor:
        cursor.execute(compose(ANY_TWICE, table=file.table, key=name(key.name)))
        if not cursor.fetchone()[0]:
            return
    query = compose(DUPLICATES, table=file.table, key=name(key.name), shown=_shown(key))
    rows = fetched(query)
    found.add_many("reference.duplicate_sourced_id", file.spec.file, key.name, rows)


def fetched(query: sql.Composed) -> Iterator[tuple[int, str | None]]:
    """The rows of a query, some at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def _judged(column: Column, file: StagedFile, found: Findings) -> sql.Composed:
    """By default, of a record that is to be deleted only what says so is judged: feeds leave the rest blank."""
    code = judgement(column, file.mode, file.header.version)
    if found.strict or column.name in BARE_IF_LEAVING or not file.header.has("status"):
        return code
    return compose("CASE WHEN NOT {leaving} THEN {code} END", leaving=leaving(), code=code)


def _shown(column: Column) -> sql.Composed:
    """SQL for the value that may be shown: nothing personal, and no free text."""
    if column.personal or column.kind not in SHOWN_KINDS:
        return compose("NULL::text")
    return compose("left({v}, 255)", v=name(column.name))


def _note_mode_conflict(file: StagedFile, counts: dict[tuple[str, str], int], found: Findings) -> None:
    filled = ("status", "dateLastModified")
    if file.rows and all(counts.get((column, "row.field_not_allowed_in_bulk")) == file.rows for column in filled):
        found.warn("manifest.mode_conflict", file.spec.file, "", 1)
