"""SQL that several steps share: a relation, the schools that a rule holds for, and the school that a row belongs to."""

from psycopg import sql

from products.datamap import Key, Table
from resets.engine.plan import Ground, Part
from resets.policies.words import SetTo

STUDENTS = "rostering_student"


def relation(ground: Ground, name: str) -> sql.Identifier:
    """A relation of the district, schema-qualified."""
    return sql.Identifier(ground.schema, name)


def has_column(table: Table, column: str) -> bool:
    """Whether a table's model has a column."""
    return any(field.column == column for field in table.model._meta.concrete_fields)


def in_scope(part: Part, ground: Ground) -> sql.Composable:
    """The rows of `t` at the schools that the part's rule holds for."""
    if part.rule.where.subscribed is None or ground.subscribed is None:
        return sql.SQL("true")
    operator = sql.SQL("= ANY" if part.rule.where.subscribed else "<> ALL")
    return sql.SQL("t.school_id {}({}::bigint[])").format(operator, sql.Literal(list(ground.subscribed)))


def school_of(table: Table, ground: Ground, alias: str = "t") -> tuple[sql.Composable, sql.Composable]:
    """The joins that lead from a row of `alias` to its school, and the expression that names the school.

    A row that belongs to no school (an educator's account) gets NULL.
    """
    this = sql.Identifier(alias)
    if has_column(table, "school_id"):
        return sql.SQL(""), sql.SQL("{}.school_id").format(this)
    if table.key is Key.STUDENT:
        joins = sql.SQL(" LEFT JOIN {} AS s ON s.id = {}.student_id").format(relation(ground, STUDENTS), this)
        return joins, sql.SQL("s.school_id")
    if table.key is Key.PARENT and table.of is not None:
        parent = table.of._meta.db_table
        joins = sql.SQL(" LEFT JOIN {} AS p ON p.id = {}.{}").format(
            relation(ground, parent), this, sql.Identifier(table.parent)
        )
        further, school = school_of(Table(table.of, _key_of(table)), ground, "p")
        return sql.SQL("{}{}").format(joins, further), school
    return sql.SQL(""), sql.SQL("NULL::bigint")


def differs(part: Part) -> sql.Composable:
    """The rows of `t` that a SetTo has yet to change."""
    if not isinstance(part.rule.action, SetTo):
        return sql.SQL("false")
    value = sql.Literal(part.rule.action.value)
    return sql.SQL(" OR ").join(
        sql.SQL("t.{} IS DISTINCT FROM {}").format(sql.Identifier(column), value) for column in part.rule.action.columns
    )


def _key_of(table: Table) -> Key:
    """How the parent's rows are keyed: by student, where it has that column."""
    columns = {field.column for field in table.of._meta.concrete_fields} if table.of else set()
    return Key.STUDENT if Key.STUDENT in columns else Key.DISTRICT
