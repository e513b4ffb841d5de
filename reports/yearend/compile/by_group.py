"""A table of totals with a row for each class, grade or school, or for the whole district."""

from dataclasses import dataclass

from psycopg import sql

from reports.yearend.columns import Column, Kind
from reports.yearend.compile.breakdown import Breakdown
from reports.yearend.compile.by_student import product_label, year_columns
from reports.yearend.compile.frame import Frame
from reports.yearend.compile.measuring import OF_ALL_STUDENTS
from reports.yearend.compile.people import grade, grade_tables, members, own_sections
from reports.yearend.compile.text import Text, all_of, compose, grade_label, grade_place, listed, roster, school_year
from reports.yearend.compile.totals import Built, broken_down, of_students, placed
from reports.yearend.scope import Grain

TABLE = """
WITH a AS (SELECT {keys}, count(*) AS students{measures} FROM ({students}) AS p {join} GROUP BY {group}
           HAVING count(*) > 0)
SELECT {values}, {places}, {row_key} AS row_key FROM a {labels}
"""
SHARE = "round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY {among}), 1)"
COUNTS = """
SELECT {keys}, {numbers} FROM ({students}) AS p {join} GROUP BY {group} HAVING count(*) > 0
"""
ROWS_OF = ("school_year", "product")
KEYS = ("group_key", *ROWS_OF, "by_value")
STUDENTS = Column("students", "Students", Kind.WHOLE, counts=True)


@dataclass(frozen=True)
class Grouping:
    """How students are put together.

    Attributes:
        join: of the students `p` with what says where they belong.
        key: of a student `p`; None for one group of all.
        labels: a join of the rows `a` with their names.
        columns: of the rows `a`, which say what they are of.
        place: what they are ordered by.
    """

    join: Text
    key: Text | None
    labels: Text
    columns: tuple[tuple[Column, Text], ...]
    place: tuple[Text, ...]


def by_group(frame: Frame) -> Built:
    """The table."""
    grouping = _GROUPINGS[frame.grain](frame)
    by = broken_down(frame)
    keys = _keys(frame, grouping, by)
    among = listed([value for name, value in keys.items() if name != "by_value"] or [sql.SQL("1")])
    measures = [(each.column_of_students, each.of_students) for each in frame.measures if each.of_students is not None]
    aggregated = [
        compose(", {v} AS {n}", v=_among(value, among), n=sql.Identifier(column.name)) for column, value in measures
    ]
    values = [*grouping.columns, *_year_values(frame)]
    values += [(by.column, by.label)] if by else []
    values += [(each, sql.Identifier("a", each.name)) for each in (STUDENTS, *(column for column, _ in measures))]
    places: list[Text] = [
        *grouping.place,
        *(sql.Identifier("a", name) for name in keys if name in ("school_year", "product")),
    ]
    places += list(by.place) if by else []
    query = compose(
        TABLE,
        keys=_selected(keys),
        group=listed(keys.values()) if keys else sql.SQL("()"),
        measures=listed(aggregated, ""),
        students=of_students(frame),
        join=grouping.join,
        values=listed(compose("{v} AS {n}", v=v, n=sql.Identifier(c.name)) for c, v in values),
        places=placed(places or [sql.SQL("0")]),
        row_key=_row_key(keys),
        labels=compose("{g} {b}", g=grouping.labels, b=by.join if by else sql.SQL("")),
    )
    columns = tuple(column for column, _ in values)
    first = measures[0][0].name if measures else STUDENTS.name
    return Built(columns, query, len(places) or 1, frame.part.most, first)


@dataclass(frozen=True)
class Counts:
    """A query of the numbers of students behind each column: the group's key, year, product and value, and these."""

    columns: tuple[str, ...]
    query: sql.Composed


def counts(frame: Frame) -> Counts:
    """How many students are behind each column of a table, row by row."""
    grouping = _GROUPINGS[frame.grain](frame)
    keys = _keys(frame, grouping, broken_down(frame))
    behind = {STUDENTS.name: sql.SQL("count(*)")} | {
        each.column_of_students.name: each.behind for each in frame.measures if each.of_students is not None
    }
    query = compose(
        COUNTS,
        keys=listed(compose("coalesce({v}::text, '')", v=keys.get(name, sql.SQL("''"))) for name in KEYS),
        numbers=listed(behind.values()),
        students=of_students(frame),
        join=grouping.join,
        group=listed(keys.values()) if keys else sql.SQL("()"),
    )
    return Counts(tuple(behind), query)


def row_key(frame: Frame, key: str, year: str, product: str, value: str) -> str:
    """What a row is known by, as `by_group` gives it."""
    parts = [key] if frame.grain is not Grain.DISTRICT else []
    parts += [year] if frame.by_year else []
    parts += [product] if frame.by_product else []
    return "~".join(["_", *parts, *([value] if frame.part.by else [])])


def _keys(frame: Frame, grouping: Grouping, by: Breakdown | None) -> dict[str, Text]:
    """By what students `p` are put together, by the names that these have in the rows `a`."""
    keys = {"group_key": grouping.key} if grouping.key is not None else {}
    if frame.by_year:
        keys["school_year"] = sql.SQL("p.school_year")
    if frame.by_product:
        keys["product"] = sql.SQL("p.product")
    if by:
        keys["by_value"] = sql.SQL("(p.by_latest)[3]") if by.latest is not None else sql.SQL("p.by_value")
    return keys


def _selected(keys: dict[str, Text]) -> Text:
    if not keys:
        return sql.SQL("1 AS all_of_them")
    return listed(compose("{v} AS {n}", v=value, n=sql.Identifier(name)) for name, value in keys.items())


def _row_key(keys: dict[str, Text]) -> Text:
    values = [compose("coalesce(a.{n}::text, '')", n=sql.Identifier(name)) for name in keys]
    return compose("concat_ws('~', {k})", k=listed([sql.SQL("'_'"), *values]))


def _among(value: Text, among: Text) -> Text:
    """A share is one of the students of the same group of rows."""
    return compose(SHARE, among=among) if value is OF_ALL_STUDENTS else value


def _year_values(frame: Frame) -> list[tuple[Column, Text]]:
    columns = year_columns(by_year=frame.by_year, by_product=frame.by_product)
    values = {
        "school_year": school_year(sql.SQL("a.school_year")),
        "product": product_label(frame.report.products, sql.SQL("a.product")),
    }
    return [(column, values[column.name]) for column in columns]


def _by_section(frame: Frame) -> Grouping:
    which: list[Text] = []
    if frame.sections is not None:
        which.append(compose("c.id = ANY({s})", s=sql.Literal(list(frame.sections))))
    which += section_conditions(frame)
    join = compose(
        "JOIN ({m}) AS m ON m.student_id = p.student_id AND m.school_year = p.school_year", m=members(all_of(which))
    )
    labels = compose(
        "JOIN {c} AS c ON c.id = a.group_key JOIN {o} AS o ON o.id = c.school_id",
        c=roster("section"),
        o=roster("school"),
    )
    place = (sql.SQL("o.name"), sql.SQL("c.title"), sql.SQL("c.id"))
    columns: tuple[tuple[Column, Text], ...] = (
        (Column("school", "School"), sql.SQL("o.name")),
        (Column("section", "Class", personal=True), sql.SQL("c.title")),
    )
    return Grouping(join, sql.SQL("m.section_id"), labels, columns, place)


def section_conditions(frame: Frame) -> list[Text]:
    """Which sections `c` the scope speaks of."""
    scope = frame.scope
    found: list[Text] = []
    if scope.sight.educator_id is not None:
        found.append(own_sections(scope.sight.educator_id))
    for school in {scope.sight.school_id, scope.school} - {None}:
        found.append(compose("c.school_id = {s}", s=sql.Literal(school)))
    if scope.section is not None:
        found.append(compose("c.id = {s}", s=sql.Literal(scope.section)))
    return found


def _by_grade(frame: Frame) -> Grouping:
    year = sql.SQL("p.school_year")
    code = sql.SQL("a.group_key")
    return Grouping(
        grade_tables(sql.SQL("p.student_id"), year),
        grade(year),
        sql.SQL(""),
        ((Column("grade", "Grade"), grade_label(code)),),
        (grade_place(code),),
    )


def _by_school(frame: Frame) -> Grouping:
    labels = compose("LEFT JOIN {o} AS o ON o.id = a.group_key", o=roster("school"))
    columns: tuple[tuple[Column, Text], ...] = ((Column("school", "School"), sql.SQL("o.name")),)
    return Grouping(sql.SQL(""), sql.SQL("p.school_id"), labels, columns, (sql.SQL("o.name"), sql.SQL("a.group_key")))


def _by_district(frame: Frame) -> Grouping:
    return Grouping(sql.SQL(""), None, sql.SQL(""), (), ())


_GROUPINGS = {
    Grain.SECTION: _by_section,
    Grain.GRADE: _by_grade,
    Grain.SCHOOL: _by_school,
    Grain.DISTRICT: _by_district,
}
