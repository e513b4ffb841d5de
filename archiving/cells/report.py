"""What of a school's anonymized data may be published: the numbers that are left, k, and why not, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from archiving import thresholds
from archiving.cells.counting import ALL, DEMOGRAPHICS, SchoolCells, cells_of, lines_of, schools_with_cells
from archiving.cells.suppression import Cell, suppressed_cells
from tenants.templatetags.words import GRADES

SUPPRESSED = "*"
HEADER = ("School", "Demographic", "Grade", "Value", "Students")


@dataclass(frozen=True)
class Row:
    """A grade's line of a table; a number that is suppressed is None."""

    grade: str
    numbers: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True)
class Table:
    """Grades by the values of one demographic, the totals last."""

    label: str
    values: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Report:
    """A school's anonymized data as it may be published."""

    school: SchoolCells
    smallest: int
    suppressed: int
    cells: int
    tables: tuple[Table, ...]


def is_publishable(school: SchoolCells) -> bool:
    """Whether so few are alike nowhere that a reader who knows one of them learns the rest."""
    return school.k >= thresholds.ALIKE


def why_not(school: SchoolCells) -> str:
    """Why a school's numbers may not be published, and what would help; empty where they may."""
    if is_publishable(school):
        return ""
    grade = GRADES.get(school.k_grade, "")
    where = f"in {grade[0].lower()}{grade[1:]}" if grade else "whose grade was left out because too few shared it"
    alike = "1 student is" if school.k == 1 else f"{school.k} students are"
    return (
        f"Only {alike} alike by grade, sex, race and ethnicity ({where}): k is {school.k} and must be at least "
        f"{thresholds.ALIKE}. It grows when more students are anonymized; or publish the other schools."
    )


def report_of(school: SchoolCells) -> Report:
    """A school's tables with what is small suppressed, and what would give it away."""
    numbers = cells_of(school.key)
    hidden = suppressed_cells(numbers, lines_of(numbers), thresholds.PUBLISHED_CELL)
    shown: dict[Cell, int | None] = {cell: None if cell in hidden else number for cell, number in numbers.items()}
    inner = [number for (_, grade, value), number in numbers.items() if ALL not in (grade, value)]
    return Report(school, min(inner, default=0), len(hidden), len(numbers), tuple(_tables(shown)))


def find_school(key: int | None) -> tuple[list[SchoolCells], SchoolCells | None]:
    """All schools with anonymized students, and the chosen one; the first where none is chosen."""
    schools = schools_with_cells()
    return schools, next((school for school in schools if school.key == key), schools[0] if schools else None)


def published_lines() -> Iterator[list[str]]:
    """The lines of the file: every number of every school that may be published, as it may be."""
    for school in schools_with_cells():
        for table in report_of(school).tables if is_publishable(school) else ():
            for row in table.rows:
                for value, number in zip((*table.values, "All"), (*row.numbers, row.total), strict=True):
                    yield [school.name, table.label, row.grade, value, SUPPRESSED if number is None else str(number)]


def _tables(shown: dict[Cell, int | None]) -> Iterator[Table]:
    grades = sorted({grade for _, grade, _ in shown} - {ALL}, key=_place)
    for name, label in DEMOGRAPHICS.items():
        values = sorted({value for table, _, value in shown if table == name} - {ALL})
        rows = [_row(shown, name, grade, values) for grade in (*grades, ALL)]
        yield Table(label, tuple(_words(value) for value in values), tuple(rows))


def _row(shown: dict[Cell, int | None], table: str, grade: str, values: list[str]) -> Row:
    words = "All grades" if grade == ALL else GRADES.get(grade, "Grade left out")
    return Row(words, tuple(shown[table, grade, value] for value in values), shown["all", grade, ALL])


def _words(value: str) -> str:
    return value.replace("_", " ").replace(",", ", ").capitalize()


def _place(grade: str) -> tuple[int, str]:
    order = list(GRADES)
    return (order.index(grade) if grade in order else len(order), grade)
