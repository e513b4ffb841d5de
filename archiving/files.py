"""The stored files of those who leave: their names are kept in a table of the district until they are removed."""

from django.db import connection
from psycopg import sql

from archiving import statements
from archiving.concerned import concerned_tables
from tenants.schema import current_schema


def keep_file_names(name: str) -> str:
    """Write the names of the leavers' files to a new table of this name; returns it, or nothing without any."""
    schema = current_schema()
    queries = [statements.file_names(table, column, schema) for table in concerned_tables() for column in table.files]
    if not queries:
        return ""
    with connection.cursor() as cursor:
        table = sql.Identifier(schema, name)
        cursor.execute(sql.SQL("CREATE TABLE {} AS {}").format(table, sql.SQL(" UNION ALL ").join(queries)))
    return name
