"""Checking that every reference names a record: by anti-joins, in the bundle or, where the specification lets it be
elsewhere (delta, files that are not in the bundle), in the roster."""

from django.db import connection
from psycopg import sql

from rostering.oneroster.checks import fetched
from rostering.oneroster.columns import Column, Kind
from rostering.oneroster.findings import Findings
from rostering.oneroster.meanings import leaving
from rostering.oneroster.specs import BY_NAME
from rostering.oneroster.staging import StagedFile
from rostering.oneroster.words import compose, name, roster, staged

STORED = {
    "orgs": ("school", "parentorg"),
    "academicSessions": ("academicsession",),
    "courses": ("course",),
    "classes": ("section",),
    "users": ("studentidentity", "educatoridentity", "guardianidentity"),
}
LOST_ONE = "SELECT s.row_no, {shown} FROM {source} AS s WHERE {v} IS NOT NULL AND {applies} AND {missing}"
LOST_ANY = """
SELECT DISTINCT s.row_no, {shown} FROM {source} AS s CROSS JOIN LATERAL string_to_table({v}, ',') AS item (id)
WHERE {v} IS NOT NULL AND {applies} AND btrim(item.id) <> '' AND {missing}
"""
IN_NONE = "NOT EXISTS (SELECT FROM {table} AS t WHERE t.{key} = {id})"
GONE = """
CREATE UNLOGGED TABLE {gone} AS SELECT sourced_id FROM ({stored}) AS k
WHERE NOT EXISTS (SELECT FROM {staged} AS s WHERE s."sourcedId" = k.sourced_id)
"""
Sources = dict[str, sql.Composable]


def check_references(files: dict[str, StagedFile], changed: Sources, found: Findings) -> None:
    """Check every reference of every file whose structure is sound.

    Args:
        files: the staged files by name.
        changed: for files of which only the new rows were judged, those rows; of the others, rows whose target has
            gone since are looked for.
    """
    for file in files.values():
        if file.spec.name in found.broken:
            continue
        for column in file.header.present:
            if column.target and column.target not in found.broken and _is_known(column.target, files):
                _check_column(file, column, files, changed.get(file.spec.name), found)


def _is_known(target: str, files: dict[str, StagedFile]) -> bool:
    return target in files or target in STORED


def _check_column(
    file: StagedFile, column: Column, files: dict[str, StagedFile], changed: sql.Composable | None, found: Findings
) -> None:
    lenient = column.lenient and not found.strict
    missing = _missing(column, files)
    queries = [_lost(file, column, changed or file.table, missing)]
    if changed is not None and _gone(column.target, files):
        condition = compose(
            "{id} IN (SELECT sourced_id FROM {gone})", id=_id(column), gone=staged(f"gone_{column.target.lower()}")
        )
        queries.append(_lost(file, column, file.table, condition))
    for query in queries:
        count = _count(query)
        if count and lenient:
            found.warn("reference.unknown_target", file.spec.file, column.name, count)
        elif count:
            ordered = compose("SELECT DISTINCT * FROM ({q}) AS lost ORDER BY 1", q=query)
            detail = BY_NAME[column.target].file
            found.add_many(
                "reference.missing_target_record", file.spec.file, column.name, fetched(ordered), detail=detail
            )
            break


def _missing(column: Column, files: dict[str, StagedFile]) -> sql.Composable:
    """SQL for: no record has this id."""
    target = files.get(column.target)
    tables = [] if target is None else [(target.table, "sourcedId")]
    if target is None or target.mode == "delta":
        tables += [(roster(table), "sourced_id") for table in STORED.get(column.target, ())]
    return sql.SQL(" AND ").join(compose(IN_NONE, table=table, key=name(key), id=_id(column)) for table, key in tables)


def _lost(file: StagedFile, column: Column, source: sql.Composable, missing: sql.Composable) -> sql.Composed:
    shown = compose("NULL::text") if column.personal else compose("left({v}, 255) AS shown", v=name(column.name, "s"))
    applies = compose("NOT {leaving}", leaving=leaving("s")) if file.header.has("status") else sql.SQL("true")
    template = LOST_ANY if column.kind is Kind.REFS else LOST_ONE
    return compose(template, shown=shown, source=source, v=name(column.name, "s"), applies=applies, missing=missing)


def _id(column: Column) -> sql.Composable:
    return compose("btrim(item.id)") if column.kind is Kind.REFS else name(column.name, "s")


def _gone(target: str, files: dict[str, StagedFile]) -> bool:
    """Make, once, the table of known records that a bulk file does not have any more; whether there are any."""
    file = files.get(target)
    if file is None or file.mode == "delta" or target not in STORED:
        return False
    gone = staged(f"gone_{target.lower()}")
    stored = sql.SQL(" UNION ALL ").join(
        compose("SELECT sourced_id FROM {t}", t=roster(table)) for table in STORED[target]
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NULL", [gone.as_string()])
        if cursor.fetchone()[0]:
            cursor.execute(compose(GONE, gone=gone, stored=stored, staged=file.table))
        cursor.execute(compose("SELECT EXISTS (SELECT FROM {gone})", gone=gone))
        return bool(cursor.fetchone()[0])


def _count(query: sql.Composed) -> int:
    with connection.cursor() as cursor:
        cursor.execute(compose("SELECT count(*) FROM ({q}) AS lost", q=query))
        return int(cursor.fetchone()[0])
