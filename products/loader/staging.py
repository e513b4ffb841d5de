"""The file in a temporary table of texts, and whom and what each row leads to in another."""

from collections.abc import Iterable

from django.db import connection
from psycopg import sql

from products.loader.columns import DAY, SCHOOL, STUDENT, STUDENT_NUMBER, YEAR, FileColumn, Layout
from products.loader.reading import Row
from tenants.schema import district_table

STAGE, RESOLVED = sql.Identifier("pg_temp", "load_stage"), sql.Identifier("pg_temp", "load_resolved")

NUMBERS = """
SELECT student_number,
       CASE WHEN count(*) = 1 THEN min(i.student_id)
            WHEN count(*) FILTER (WHERE s.status = 'active') = 1
            THEN min(i.student_id) FILTER (WHERE s.status = 'active') END AS student_id
FROM {identities} AS i JOIN {students} AS s ON s.id = i.student_id WHERE student_number <> '' GROUP BY student_number
"""
RESOLVE = """
CREATE TEMPORARY TABLE load_resolved ON COMMIT DROP AS
SELECT stage.*, {student} AS _student, {school} AS _school, {year} AS _year, {numbered} AS _numbered
FROM {stage} AS stage {joins}
"""
DAYS = """
LEFT JOIN (
    SELECT text, coalesce(
        (SELECT a.school_year FROM {sessions} AS a
         WHERE a.kind = 'schoolYear' AND a.starts_on <= day AND a.starts_on + 365 > day
         ORDER BY a.starts_on DESC LIMIT 1),
        extract(year FROM day)::int + CASE WHEN extract(month FROM day) >= 7 THEN 1 ELSE 0 END
    ) AS school_year
    FROM (SELECT text, {day} AS day FROM (SELECT DISTINCT {text} AS text FROM {stage} AS stage) AS stage) AS days
) AS days ON days.text = {text}
"""
"""The school year of each day that occurs: that of the district's session, else years that begin in July."""


def staged(column: FileColumn | str) -> sql.Composable:
    """A column of the staging table."""
    return sql.SQL("stage.{}").format(sql.Identifier(column if isinstance(column, str) else column.name))


def is_valid(column: FileColumn) -> sql.Composable:
    """A condition that a staged text is a value of the column's type, written as the files write it."""
    value = staged(column)
    checks = {
        "date": r"{value} ~ '^\d{{4}}-\d{{2}}-\d{{2}}$' AND pg_input_is_valid({value}, {kind})",
        "boolean": "lower({value}) IN ('true', 'false', '1', '0')",
        "smallint": r"{value} ~ '^[+-]?\d+$' AND pg_input_is_valid({value}, {kind})",
        "integer": r"{value} ~ '^[+-]?\d+$' AND pg_input_is_valid({value}, {kind})",
        "bigint": r"{value} ~ '^[+-]?\d+$' AND pg_input_is_valid({value}, {kind})",
    }
    if column.kind.startswith("numeric"):
        check = r"{value} ~ '^[+-]?\d+(\.\d+)?$' AND pg_input_is_valid({value}, {kind})"
    else:
        check = checks.get(column.kind, "true")
    return sql.SQL(check).format(value=value, kind=sql.Literal(column.kind))


def typed(column: FileColumn) -> sql.Composable:
    """The staged text as a value of its type; NULL where it is none."""
    kind = "text" if column.kind.startswith("varchar") else column.kind
    value = sql.SQL("CASE WHEN {} THEN {}::{} END").format(is_valid(column), staged(column), sql.SQL(kind))
    return value if column.blank is None else sql.SQL("coalesce({}, {})").format(value, sql.Literal(column.blank))


def stage_rows(layout: Layout, rows: Iterable[tuple[int, Row]]) -> int:
    """COPY the rows into the staging table; returns how many."""
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in layout.names)
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.load_stage, pg_temp.load_resolved")
        cursor.execute(sql.SQL("CREATE TEMPORARY TABLE load_stage (row int, {}) ON COMMIT DROP").format(columns))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(STAGE)) as copy:
            for number, row in rows:
                copy.write_row((number, *row))
                count += 1
        cursor.execute(sql.SQL("ANALYZE {}").format(STAGE))
    return count


def resolve_rows(layout: Layout) -> None:
    """Find each row's student, school and school year, set-based."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(RESOLVE).format(
                stage=STAGE,
                joins=_joins(layout),
                student=sql.SQL(
                    "coalesce(known.student_id, numbers.student_id)" if layout.has_student else "NULL::bigint"
                ),
                school=_school(layout),
                year=_year(layout),
                numbered=sql.SQL("numbers.student_number IS NOT NULL" if layout.has_student else "false"),
            )
        )
        cursor.execute(sql.SQL("ANALYZE {}").format(RESOLVED))


def _joins(layout: Layout) -> sql.Composable:
    joins: list[sql.Composable] = [
        sql.SQL("LEFT JOIN {} AS school ON school.sourced_id = {}").format(
            district_table("rostering_school"), staged(SCHOOL)
        )
    ]
    days = [column for column in layout.columns if column.name == DAY]
    if days:
        joins.append(_days(days[0]))
    if layout.has_student:
        identities, students = district_table("rostering_studentidentity"), district_table("rostering_student")
        numbers = sql.SQL(NUMBERS).format(identities=identities, students=students)
        joins += [
            sql.SQL("LEFT JOIN {} AS known ON known.sourced_id = {}").format(identities, staged(STUDENT)),
            sql.SQL("LEFT JOIN ({}) AS numbers ON numbers.student_number = {} AND {} IS NULL").format(
                numbers, staged(STUDENT_NUMBER), staged(STUDENT)
            ),
            sql.SQL("LEFT JOIN {} AS student ON student.id = coalesce(known.student_id, numbers.student_id)").format(
                students
            ),
        ]
    return sql.SQL(" ").join(joins)


def _days(column: FileColumn) -> sql.Composable:
    as_text = FileColumn("text", column.target, column.kind, required=False)
    return sql.SQL(DAYS).format(
        sessions=district_table("rostering_academicsession"), stage=STAGE, text=staged(column), day=typed(as_text)
    )


def _school(layout: Layout) -> sql.Composable:
    if not layout.has_student:
        return sql.SQL("school.id")
    return sql.SQL("CASE WHEN {} IS NULL THEN student.school_id ELSE school.id END").format(staged(SCHOOL))


def _year(layout: Layout) -> sql.Composable:
    columns = {column.name: column for column in layout.columns}
    given = typed(columns[YEAR])
    return sql.SQL("coalesce({}, days.school_year)::int").format(given) if DAY in columns else given
