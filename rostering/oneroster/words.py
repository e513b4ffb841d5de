"""Small pieces of SQL text for the generated statements: always composed, never joined from values."""

from psycopg import sql

from tenants.schema import current_schema, district_table

Text = sql.Composed | sql.SQL | sql.Identifier | sql.Literal


def compose(template: str, **parts: sql.Composable) -> sql.Composed:
    """A statement from a template of this project and composed parts."""
    return sql.SQL(template).format(**parts)


def name(column: str, alias: str = "") -> sql.Composable:
    """A column's name, quoted; with the alias of its table."""
    return sql.Identifier(alias, column) if alias else sql.Identifier(column)


def staged(table: str) -> sql.Identifier:
    """A staging table of this import, by its name without the prefix."""
    return sql.Identifier(current_schema(), f"roster_{table}")


def roster(table: str) -> sql.Identifier:
    """A table of the roster, by its name without the app's."""
    return district_table(f"rostering_{table}")


def words(values: tuple[str, ...]) -> sql.Composable:
    """A parenthesised list of literals."""
    return sql.SQL("({})").format(sql.SQL(", ").join(sql.Literal(value) for value in values))
