"""Stored files of what a reset deletes: their names are kept in a table of the run until they are removed."""

from uuid import UUID

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from resets.engine.held import is_held
from resets.engine.plan import Ground, Part, Plan, Work


def keep_file_names(cursor: CursorWrapper, run_id: UUID, plan: Plan) -> list[str]:
    """Write the names of the files of the facts that will be gone; returns the tables that hold them."""
    tables = []
    for part in plan.doing(Work.DROP, Work.DELETE):
        if part.table.files and part.years:
            kind = "files" if part.work is Work.DROP else "unheld"
            name = f"{kind}_{run_id.hex[:8]}_{part.relation}"[:63]
            cursor.execute(_statement(name, part, plan.ground))
            tables.append(name)
    return tables


def _statement(name: str, part: Part, ground: Ground) -> sql.Composed:
    schema = ground.schema
    goes: sql.Composable = sql.SQL("true")
    if part.work is Work.DELETE:
        goes = sql.SQL("NOT {}").format(is_held(part.table, schema, ground.held))
    queries = [
        sql.SQL("SELECT {column} AS file FROM {table} AS t WHERE {column} <> '' AND {goes}").format(
            column=sql.Identifier(column),
            table=sql.Identifier(schema, part.partition(year, ground)),
            goes=goes,
        )
        for year in part.years
        for column in part.table.files
    ]
    return sql.SQL("CREATE TABLE {} AS {}").format(sql.Identifier(schema, name), sql.SQL(" UNION ALL ").join(queries))
