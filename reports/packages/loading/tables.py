"""One table's rows: copied beside the table, compared with what is there, and only what is missing is put in.

A row is known by its key. One that is there and is the same is accepted; one that differs is told, by its key and its
columns, never by its values.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.db import connection
from psycopg import sql

from reports.packages.columns import ColumnType
from reports.packages.contents import WITHHELD, Source
from reports.packages.manifest import TableEntry
from reports.packages.rows import copy_parts
from rostering.stamps import COLUMN as STAMP
from tenants.schema import district_table
from tenants.zips import StoredMember

STAGE: Final = sql.Identifier("pg_temp", "package_stage")
MOST_TOLD: Final = 10
DIFFERENT: Final = """
SELECT concat_ws(', ', {keys}), array_remove(ARRAY[{columns}], NULL)
FROM {stage} AS s JOIN {table} AS t USING ({using}) WHERE ({mine}) IS DISTINCT FROM ({theirs}) ORDER BY 1 LIMIT {most}
"""
TWICE: Final = "SELECT count(*) - count(DISTINCT ({keys})) FROM {stage} AS s"
INSERT: Final = """
INSERT INTO {table} ({names}) SELECT {names} FROM {stage} AS s
WHERE NOT EXISTS (SELECT FROM {table} AS t WHERE ({mine}) = ({theirs}))
"""
SERIAL: Final = """
SELECT setval(pg_get_serial_sequence({name}, {column}), greatest((SELECT max({key}) FROM {table}), 1))
WHERE pg_get_serial_sequence({name}, {column}) IS NOT NULL AND EXISTS (SELECT FROM {table})
"""


@dataclass
class Loaded:
    """What became of a package's rows, by table.

    Attributes:
        inserted: rows that were put in.
        same: rows that were there already.
        problems: rows that are there and differ, and whatever else stands in the way.
    """

    inserted: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def load_table(
    path: Path,
    archive: zipfile.ZipFile,
    entry: TableEntry,
    source: Source,
    columns: tuple[ColumnType, ...],
    into: Loaded,
) -> None:
    """Load one table of a package into the entered district, in the caller's transaction."""
    if not entry.rows:
        return
    names = [column.name for column in columns]
    keys = [str(each.column) for each in source.table.model._meta.pk_fields]
    with StoredMember(path, archive.getinfo(entry.file)) as member:
        parts = copy_parts(member)
        if source.table.fact and _is_empty(source):
            _copy(parts, district_table(source.relation), names)
            into.inserted[source.relation] = entry.rows
            return
        _stage(parts, source, names, keys)
    if problem := _twice(source, keys):
        into.problems.append(problem)
        return
    different = list(_different(source, names, keys))
    into.problems += different
    if not different:
        inserted = _insert(source, names, keys)
        into.inserted[source.relation] = inserted
        into.same[source.relation] = entry.rows - inserted


def set_sequences(sources: list[Source]) -> None:
    """Let the next row of each table get a key that no loaded row has."""
    with connection.cursor() as cursor:
        for source in sources:
            keys = [str(each.column) for each in source.table.model._meta.pk_fields]
            if len(keys) == 1:
                table = district_table(source.relation)
                statement = sql.SQL(SERIAL).format(
                    name=sql.Literal(table.as_string()), column=sql.Literal(keys[0]), key=sql.Identifier(keys[0]),
                    table=table,
                )  # fmt: skip
                cursor.execute(statement)


def _is_empty(source: Source) -> bool:
    query = sql.SQL("SELECT NOT EXISTS (SELECT FROM {} AS t WHERE {})")
    with connection.cursor() as cursor:
        cursor.execute(query.format(district_table(source.relation), source.condition))
        return bool(cursor.fetchone()[0])


def _stage(parts: Iterator[bytes], source: Source, names: list[str], keys: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.package_stage")
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE package_stage ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(
                _list(names), district_table(source.relation)
            )
        )
    _copy(parts, STAGE, names)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {} ({})").format(STAGE, _list(keys)))  # of no column that names somebody


def _copy(parts: Iterator[bytes], table: sql.Identifier, names: list[str]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(table, _list(names))
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for part in parts:
            copy.write(part)


def _twice(source: Source, keys: list[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(TWICE).format(keys=_list(keys, "s"), stage=STAGE))
        extra = int(cursor.fetchone()[0])
    return f"{source.relation} has {extra:,} rows whose key is there twice." if extra else ""


def _different(source: Source, names: list[str], keys: list[str]) -> Iterator[str]:
    compared = [name for name in names if name not in (*keys, *WITHHELD, STAMP)]
    if not compared:
        return
    told = sql.SQL(", ").join(
        sql.SQL("CASE WHEN s.{n} IS DISTINCT FROM t.{n} THEN {name} END").format(
            n=sql.Identifier(name), name=sql.Literal(name)
        )
        for name in compared
    )
    query = sql.SQL(DIFFERENT).format(
        keys=sql.SQL(", ").join(sql.SQL("s.{}::text").format(sql.Identifier(key)) for key in keys),
        columns=told, stage=STAGE, table=district_table(source.relation), using=_list(keys),
        mine=_list(compared, "s"), theirs=_list(compared, "t"), most=sql.Literal(MOST_TOLD),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(query)
        for key, columns in cursor.fetchall():
            verb = "differs" if len(columns) == 1 else "differ"
            yield f"{source.relation} {key} is another one here: {', '.join(columns)} {verb}."


def _insert(source: Source, names: list[str], keys: list[str]) -> int:
    statement = sql.SQL(INSERT).format(
        table=district_table(source.relation), names=_list(names), stage=STAGE, mine=_list(keys, "t"),
        theirs=_list(keys, "s"),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def _list(names: list[str], alias: str = "") -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(alias, name) if alias else sql.Identifier(name) for name in names)
