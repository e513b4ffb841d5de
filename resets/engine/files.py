"""Stored files of what a reset deletes: their names are kept in a table of the run until they are removed."""

from uuid import UUID

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from products.partitions import partition_name
from resets.engine.plan import Part, Plan, Work


def keep_file_names(cursor: CursorWrapper, run_id: UUID, plan: Plan) -> list[str]:
    """Write the names of the files in the partitions that will be dropped; returns the tables that hold them."""
    tables = []
    for part in plan.doing(Work.DROP):
        if part.table.files and part.years:
            name = f"files_{run_id.hex[:8]}_{part.relation}"[:63]
            cursor.execute(_statement(name, part, plan.ground.schema))
            tables.append(name)
    return tables


def _statement(name: str, part: Part, schema: str) -> sql.Composed:
    queries = [
        sql.SQL("SELECT {column} AS file FROM {table} WHERE {column} <> ''").format(
            column=sql.Identifier(column), table=sql.Identifier(schema, partition_name(part.table.name, year))
        )
        for year in part.years
        for column in part.table.files
    ]
    return sql.SQL("CREATE TABLE {} AS {}").format(sql.Identifier(schema, name), sql.SQL(" UNION ALL ").join(queries))
