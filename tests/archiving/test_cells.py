"""No suppressed number can be computed from the published ones; what is too small is not published at all."""

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archiving import thresholds
from archiving.cells.counting import cells_of, lines_of, schools_with_cells, with_totals
from archiving.cells.report import SUPPRESSED, is_publishable, published_lines, report_of, why_not
from archiving.cells.suppression import suppressed_cells
from rostering.models import School, Student, StudentDemographics
from tenants.models import District
from tenants.schema import enter_district

SEXES, RACES = ("female", "male"), ("asian", "black", "white")


@st.composite
def schools(draw: st.DrawFn) -> dict[Any, int]:
    """People of up to four grades, each with a sex, a race and an ethnicity, counted into cells."""
    counted: dict[Any, int] = {}
    groups = st.tuples(
        st.sampled_from(["03", "04", "05", "06"]), st.sampled_from(SEXES), st.sampled_from(RACES), st.booleans()
    )
    for grade, sex, race, is_hispanic in draw(st.lists(groups, min_size=1, max_size=12)):
        rows = draw(st.integers(1, 40))
        for key in (("sex", grade, sex), ("race", grade, race), ("ethnicity", grade, "yes" if is_hispanic else "no")):
            counted[key] = counted.get(key, 0) + rows
    return with_totals(counted)


def solved(unknown: list[Any], lines: list[Any]) -> set[Any]:
    """Which unknowns a system of equations determines, by plain exact elimination: an attacker's way, not ours."""
    rows = [
        [Fraction((cell in parts) - (cell == total)) for cell in unknown]
        for total, parts in lines
        if (parts | {total}) & set(unknown)
    ]
    done = 0
    for column in range(len(unknown)):
        found = next((row for row in range(done, len(rows)) if rows[row][column]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for row in range(len(rows)):
            if row != done and rows[row][column]:
                times = rows[row][column]
                rows[row] = [a - times * b for a, b in zip(rows[row], rows[done], strict=True)]
        done += 1
    alone = [[place for place, value in enumerate(row) if value] for row in rows]
    return {unknown[places[0]] for places in alone if len(places) == 1}


@settings(max_examples=40, deadline=None)
@given(schools())
def test_nothing_suppressed_can_be_computed(numbers: dict[Any, int]) -> None:
    lines = lines_of(numbers)
    hidden = suppressed_cells(numbers, lines, thresholds.PUBLISHED_CELL)
    assert {cell for cell, number in numbers.items() if number < thresholds.PUBLISHED_CELL} <= hidden
    assert solved(sorted(hidden), lines) == set()
    for total, parts in lines:
        gone = parts & hidden
        if gone and total not in hidden:
            assert sum(numbers[cell] for cell in gone) >= thresholds.PUBLISHED_CELL


def test_large_numbers_stay() -> None:
    numbers = with_totals({("sex", grade, sex): 30 for grade in ("03", "04") for sex in SEXES})
    assert suppressed_cells(numbers, lines_of(numbers), thresholds.PUBLISHED_CELL) == frozenset()


def test_without_complements_one_would_be_found() -> None:
    """The attacker of these tests can solve: a lone suppressed cell is what the total less the others is."""
    numbers = with_totals({("sex", "03", "female"): 3, ("sex", "03", "male"): 40, ("sex", "04", "male"): 50})
    naive = sorted(cell for cell, number in numbers.items() if number < thresholds.PUBLISHED_CELL)
    assert ("sex", "03", "female") in solved(naive, lines_of(numbers))


def people(school: School, grade: str, count: int, sex: str = "female") -> None:
    for _ in range(count):
        student = Student.objects.create(
            school=school, grade=grade, status="anonymized", school_year=2026, rostered_on="2026-01-01"
        )
        StudentDemographics.objects.create(student=student, sex=sex, race="white", hispanic_or_latino=False)


def test_a_school_with_too_few_alike_is_not_published(district: District) -> None:
    with enter_district(district):
        large = School.objects.create(sourced_id="a", name="Large", is_active=True)
        small = School.objects.create(sourced_id="b", name="Small", is_active=True)
        people(large, "03", 12)
        people(large, "03", 14, "male")
        people(small, "03", 12)
        people(small, "04", 2)
        found = {each.name: each for each in schools_with_cells()}
        assert (found["Large"].k, found["Small"].k, found["Small"].k_grade) == (12, 2, "04")
        assert not is_publishable(found["Small"])
        assert "in grade 4" in why_not(found["Small"])
        assert cells_of(large.pk)["all", "", ""] == 26
        lines = list(published_lines())
        assert {line[0] for line in lines} == {"Large"}
        assert ["Large", "Sex", "Grade 3", "Male", "14"] in lines
        hidden = report_of(found["Small"])
        assert hidden.smallest == 2
        assert all(SUPPRESSED not in line for line in lines)
        assert hidden.suppressed >= 4
