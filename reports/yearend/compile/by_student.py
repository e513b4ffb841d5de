"""A table of totals with a row for each student, and one for all who have no name any more.

An anonymized student stays in the totals; a row of one's own would show one person's year to whoever can guess whose.
"""

from collections.abc import Mapping

from psycopg import sql

from products.datamap import Product
from reports.yearend.columns import Column, Kind
from reports.yearend.compile.frame import Frame
from reports.yearend.compile.people import grade, grade_tables
from reports.yearend.compile.text import compose, grade_label, listed, person, roster, school_year, words_for
from reports.yearend.compile.totals import Built, of_students, placed

SEVERAL = "Several schools"
NAMELESS = "Students without a name"
PLACES = ("0", "i.family_name", "i.given_name", "p.student_id")
LAST_PLACES = ("1", "''::varchar", "''::varchar", "0::bigint")
NAMED = """
SELECT {values}, {places}, p.student_id AS row_key
FROM p JOIN {identity} AS i ON i.student_id = p.student_id {grades} LEFT JOIN {school} AS o ON o.id = p.school_low
"""
OTHERS = """
SELECT {values}, {places}, 0::bigint AS row_key
FROM p WHERE NOT EXISTS (SELECT FROM {identity} AS i WHERE i.student_id = p.student_id) GROUP BY {group}
HAVING count(*) > 0
"""


def by_student(frame: Frame, *, named: bool = True, nameless: bool = True) -> Built:
    """The table.

    Args:
        named: with the students who have a name.
        nameless: with the row of those who have none.
    """
    measures = [each for each in frame.measures if each.of_student is not None]
    standing = _standing(frame)
    columns = (*standing, *(each.column for each in measures))
    rows_of = [sql.Identifier("p", name) for name in frame.keys if name != "school_year" or frame.by_year]
    values = _of_named(frame) | {each.column.name: each.of_student for each in measures if each.of_student}
    blank = _of_nameless(frame) | {each.column.name: each.of_nameless for each in measures}
    parts = []
    if named:
        named_rows = {
            "values": _selected(columns, values),
            "places": placed([*(sql.SQL(place) for place in PLACES), *rows_of]),
            "school": roster("school"),
            "grades": grade_tables(sql.SQL("p.student_id"), sql.SQL("p.school_year")),
        }
        parts.append(compose(NAMED, identity=roster("studentidentity"), **named_rows))
    if nameless:
        other_rows = {
            "values": _selected(columns, blank),
            "places": placed([*(sql.SQL(place) for place in LAST_PLACES), *rows_of]),
            "group": listed([*rows_of, sql.SQL("()")]),
        }
        parts.append(compose(OTHERS, identity=roster("studentidentity"), **other_rows))
    query = compose("WITH p AS ({p}) {parts}", p=of_students(frame), parts=listed(parts, " UNION ALL "))
    return Built(columns, query, len(PLACES) + len(rows_of))


def student_columns() -> tuple[Column, ...]:
    """The columns that say which student a row is of."""
    return (
        Column("student", "Student", personal=True, about="Family name, first name."),
        Column("student_number", "Student ID", personal=True),
    )


def year_columns(*, by_year: bool, by_product: bool) -> tuple[Column, ...]:
    """The columns that say of which school year and product a row is."""
    year = Column("school_year", "School year")
    product = Column("product", "Product", Kind.TEXT)
    return ((year,) if by_year else ()) + ((product,) if by_product else ())


def product_label(products: tuple[Product, ...], product: sql.Composable) -> sql.Composed:
    """A product's name."""
    return words_for(product, {each.code: each.name for each in products}, product)


def _selected(columns: tuple[Column, ...], values: Mapping[str, sql.Composable]) -> sql.Composed:
    return listed(compose("{v} AS {n}", v=values[c.name], n=sql.Identifier(c.name)) for c in columns)


def _standing(frame: Frame) -> tuple[Column, ...]:
    return (
        *student_columns(),
        Column("grade", "Grade"),
        Column("school", "School", about="Where it was recorded."),
        *year_columns(by_year=frame.by_year, by_product=frame.by_product),
    )


def _of_named(frame: Frame) -> dict[str, sql.Composable]:
    year = sql.SQL("p.school_year")
    one = compose("CASE WHEN p.school_low = p.school_high THEN o.name ELSE {s} END", s=sql.Literal(SEVERAL))
    return {
        "student": person("i"),
        "student_number": sql.SQL("i.student_number"),
        "grade": grade_label(grade(year)),
        "school": one,
        "school_year": school_year(year),
        "product": product_label(frame.report.products, sql.SQL("p.product")),
    }


def _of_nameless(frame: Frame) -> dict[str, sql.Composable]:
    nothing = sql.SQL("NULL::text")
    who = compose("concat({n}, ' (', count(DISTINCT p.student_id), ')')", n=sql.Literal(NAMELESS))
    return {
        "student": who,
        "student_number": nothing,
        "grade": nothing,
        "school": nothing,
        "school_year": school_year(sql.SQL("p.school_year")),
        "product": product_label(frame.report.products, sql.SQL("p.product")),
    }
