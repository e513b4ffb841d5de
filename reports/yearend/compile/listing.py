"""A list of what was recorded, by student and day. Students without a name are in the totals, not in lists."""

from dataclasses import dataclass
from functools import cached_property

from psycopg import sql

from reports.yearend.columns import Column, Kind
from reports.yearend.compile.by_student import product_label, student_columns, year_columns
from reports.yearend.compile.conditions import where
from reports.yearend.compile.fields import field_column, field_join, field_reads, field_value
from reports.yearend.compile.people import grade, grade_tables
from reports.yearend.compile.relation import Relation, relation
from reports.yearend.compile.text import Text, compose, grade_label, listed, person, roster, school_year
from reports.yearend.compile.totals import Built, placed
from reports.yearend.scope import Scope
from reports.yearend.words import Listing, Report

LIST = """
SELECT {values}, {places}, concat_ws('~', f.student_id, f.school_year, f.id) AS row_key
FROM {rows} AS f JOIN {identity} AS i ON i.student_id = f.student_id {grades}
LEFT JOIN {school} AS o ON o.id = f.school_id {joins}
"""
PLACES = ("i.family_name", "i.given_name", "f.student_id", "f.occurred_on", "f.id")
STANDING = ("student_id", "school_year", "school_id", "product", "occurred_on", "id")


@dataclass(frozen=True)
class ListFrame:
    """The frame of a list."""

    report: Report
    part: Listing
    scope: Scope

    @cached_property
    def own(self) -> Relation:
        """The relation that is listed."""
        return relation(self.report.suite, self.part.category)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The list's columns."""
        return (
            *student_columns(),
            Column("grade", "Grade"),
            Column("school", "School", about="Where it was recorded."),
            *year_columns(by_year=self.own.is_fact, by_product=len(self.report.products) > 1),
            Column("day", "Date", Kind.DATE),
            *(field_column(each, self.own) for each in self.part.fields),
        )

    def conditions(self, *more: Text) -> dict[str, list[Text]]:
        """The scope's conditions by table, and further ones."""
        found = where(self.report, self.own, self.scope)
        return {table: [*conditions, *more] for table, conditions in found.items()}

    def rows(self, conditions: dict[str, list[Text]]) -> sql.Composed:
        """SQL for the rows with all that the list reads."""
        reads = dict.fromkeys((*STANDING, *(column for each in self.part.fields for column in field_reads(each))))
        return self.own.rows(reads, conditions)


def as_list(frame: ListFrame, rows: Text | None = None) -> Built:
    """The list.

    Args:
        rows: SQL of a table of rows, if they are chosen already; all of the scope's otherwise.
    """
    all_rows = compose("({r})", r=frame.rows(frame.conditions()))
    values = _values(frame)
    query = compose(
        LIST,
        values=listed(compose("{v} AS {n}", v=values[c.name], n=sql.Identifier(c.name)) for c in frame.columns),
        places=placed(sql.SQL(place) for place in PLACES),
        rows=rows or all_rows,
        identity=roster("studentidentity"),
        grades=grade_tables(sql.SQL("f.student_id"), sql.SQL("f.school_year")),
        school=roster("school"),
        joins=listed((field_join(each) for each in frame.part.fields), " "),
    )
    return Built(frame.columns, query, len(PLACES))


def _values(frame: ListFrame) -> dict[str, Text]:
    standing = {
        "student": person("i"),
        "student_number": sql.SQL("i.student_number"),
        "grade": grade_label(grade(sql.SQL("f.school_year"))),
        "school": sql.SQL("o.name"),
        "school_year": school_year(sql.SQL("f.school_year")),
        "product": product_label(frame.report.products, sql.SQL("f.product")),
        "day": sql.SQL("f.occurred_on"),
    }
    return standing | {field_column(each, frame.own).name: field_value(each, frame.own) for each in frame.part.fields}
