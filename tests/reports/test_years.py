"""A year's life: live, archived, partly restored, another year's roster, anonymized, merged; the reports always agree.

In each state every table is held against the independent computation; and what a state does not change in the data it
does not change in the totals of a past year either: a student without a name stays in them.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Q

from archiving.services import anonymize_leavers
from products.hero.models import SchoolSubscription
from products.literacy.models import Usage, UsageArchive
from products.renaissance.models import StarAssessment
from reports.asking.years import known_years, previous_year
from reports.people.sight import Sight
from reports.yearend.compile import page_of, sheets
from reports.yearend.registry import REPORTS, report_named
from reports.yearend.scope import Grain, Scope
from resets.engine import execute
from resets.merging import merge_students
from resets.models import ResetRun, RunState
from rostering.models import School, Student, StudentIdentity, TeachingAssignment
from tenants.models import District
from tenants.schema import current_schema, enter_district
from tests.reports.yearend.checking import check_report, rows_of
from tests.reports.yearend.world import World
from tests.resets.conftest import RESET_ON, filled, make_run
from tests.restoring.test_restore import undo

__all__ = ["filled", "make_run"]
Rows = dict[str, list[tuple[Any, ...]]]
DISTRICT = Sight()
RETURNED_UNTIL = dt.datetime(2026, 10, 27, 12, tzinfo=dt.UTC)
SUITES = ("literacy", "hero", "renaissance")
SPLIT = ("literacy-usage", "literacy-growth", "literacy-lessons", "cumulative-performance")
KEEP = tuple(report for report in REPORTS if report.suite in SUITES and report.code != "literacy-action-areas")


def everything(as_of: dt.date) -> Scope:
    return Scope(Sight(), (2024, 2025, 2026), as_of)


def previous() -> int | None:
    """The entered district's previous academic year of literacy, as a reading has it."""
    district = District.objects.get(schema_name=current_schema())
    return previous_year(known_years(district, Sight())["literacy"])


def totals(as_of: dt.date) -> Rows:
    """What the whole district's past years come to. Balances and assigned playlists are of now, not of a year."""
    found = {}
    for report in KEEP:
        for sheet in sheets(report, everything(as_of), Grain.DISTRICT):
            if report.code != "literacy-playlists" and sheet.code != "points-balances":
                part = report.part(sheet.code)
                found[sheet.code] = rows_of(sheet) if Grain.DISTRICT in part.grains else []
    return found


def check(as_of: dt.date, *codes: str, sight: Sight = DISTRICT, grains: Iterable[Grain] = Grain) -> World:
    """These reports, or all those of a suite, agree with the independent computation."""
    world = World()
    scope = Scope(sight, (2024, 2025, 2026, 2027), as_of, previous=previous())
    assert scope.previous == world.previous
    for report in REPORTS:
        if {report.code, report.suite} & set(codes):
            for grain in grains:
                check_report(world, report, scope, grain)
    return world


@pytest.mark.timeout(600)
def test_reports_agree_in_every_state(
    filled: Callable[..., District], make_run: Callable[..., ResetRun], clock: Callable[[str], object]
) -> None:
    clock("2026-08-03T15:00Z")
    summer, autumn = dt.date(2026, 8, 3), dt.date(2026, 11, 2)
    district = filled(students=160)
    _hero_is_archived(district, make_run(district, "hero"), summer)
    with enter_district(district):
        before = totals(summer)
    runs = {suite: make_run(district, suite) for suite in ("literacy", "math")}
    for run in runs.values():
        assert execute(run.pk) == RunState.COMPLETED
    with enter_district(district):
        assert not Usage.objects.filter(school_year=2026).exists()
        assert totals(summer) == before
        world = check(summer, "literacy")
        assert not any(rows_of(each) for each in sheets(report_named("math-usage"), everything(summer), Grain.SCHOOL))
        school = School.objects.get(name__contains="Elementary").pk
        assert UsageArchive.objects.filter(school_year=2026).exclude(school_id=school).exists()

    undo(ResetRun.objects.get(pk=runs["literacy"].pk), (school,))
    with enter_district(district):
        live = set(Usage.objects.filter(school_year=2026).values_list("school_id", flat=True))
        assert live == {school}
        assert totals(summer) == before, "a year that is partly live and partly archived counts once"
        check(summer, *SPLIT)
        check(summer, *SPLIT, sight=Sight(school_id=school), grains=(Grain.STUDENT, Grain.SECTION))

    call_command(
        "generate_district", slug=district.slug, students=160, seed=5, school_year=2026, next_year=True, verbosity=0
    )
    with enter_district(district):
        assert totals(summer) == before
        _a_year_is_over(world, autumn)
        gone = list(Student.objects.filter(school_year=2026).order_by("pk").values_list("pk", flat=True))
        Student.objects.filter(pk__in=gone[:2]).update(school_year=2027)
        assert anonymize_leavers(district, "literacy", 2026, actor="system:test", at=RETURNED_UNTIL) > 1
        assert totals(summer) == before, "who has no name stays in the totals"
        check(autumn, "literacy", "hero", grains=(Grain.STUDENT, Grain.SECTION))
        _nobody_is_named_who_left(autumn)
        _merged_and_transferred(district, autumn)


def _hero_is_archived(district: District, run: ResetRun, summer: dt.date) -> None:
    """Schools "without active subscriptions will have their data permanently deleted"; what the others have stays."""
    with enter_district(district):
        active = SchoolSubscription.objects.filter(Q(ends_on=None) | Q(ends_on__gt=RESET_ON)).values("school_id")
        deleted = set(School.objects.exclude(pk__in=active).values_list("name", flat=True))
        kept = _of_schools(summer)
        assert deleted & {row[0] for row in kept}
    assert execute(run.pk) == RunState.COMPLETED
    with enter_district(district):
        assert _of_schools(summer) == [row for row in kept if row[0] not in deleted]
        balances = rows_of(sheets(report_named("hero-points"), everything(summer), Grain.SCHOOL)[1])
        assert {row[2] for row in balances} == {0}
        check(summer, "hero")


def _of_schools(as_of: dt.date) -> list[tuple[Any, ...]]:
    """Points and tracked behavior by school and year."""
    reports = [report_named("hero-points"), report_named("hero-tracking")]
    return [row for each in reports for row in rows_of(sheets(each, everything(as_of), Grain.SCHOOL)[0])]


def _a_year_is_over(world: World, as_of: dt.date) -> None:
    """The classes of the year that is over are still their teachers'."""
    old = [pk for pk, section in world.sections.items() if section.school_year == 2026]
    assert not TeachingAssignment.objects.filter(section__in=old, is_active=True).exists()
    largest = max(old, key=lambda pk: len(world.members(pk)))
    teacher = TeachingAssignment.objects.filter(section=largest).values_list("educator_id", flat=True)[0]
    sight = Sight(educator_id=teacher)
    rows = rows_of(sheets(report_named("hero-tracking"), Scope(sight, (2026,), as_of), Grain.SECTION)[0])
    check(as_of, "hero-tracking", "literacy-growth", "cumulative-performance", sight=sight)
    assert world.sections[largest].title in {row[1] for row in rows}


def _nobody_is_named_who_left(as_of: dt.date) -> None:
    """One row speaks of all who have no name, at the end of the last page, and no list has a row of theirs."""
    report = report_named("literacy-usage")
    rows = rows_of(sheets(report, everything(as_of), Grain.STUDENT)[0])
    nameless = [row for row in rows if str(row[0]).startswith("Students without a name (")]
    assert {row[4] for row in nameless} == {row[4] for row in rows}
    assert rows[-len(nameless) :] == nameless
    assert all(row[1:4] == (None, None, None) for row in nameless)
    page = page_of(report, report.parts[0], everything(as_of), Grain.STUDENT, None, 1000)
    assert page.rows == rows
    listed = {row[1] for row in rows_of(sheets(report_named("hero-behavior"), everything(as_of), Grain.STUDENT)[0])}
    assert listed <= set(StudentIdentity.objects.values_list("student_number", flat=True))


def _merged_and_transferred(district: District, autumn: dt.date) -> None:
    """Two records of one student are one row afterwards; what came from elsewhere counts where it was recorded."""
    stays, goes = Student.objects.filter(status="active").order_by("pk").values_list("pk", flat=True)[:2]
    merge_students(district, stays, goes, actor="district_admin:1", at=RETURNED_UNTIL)
    elsewhere = School.objects.order_by("-pk").first()
    assert elsewhere
    StarAssessment.objects.create(
        id="0190f5a0-0000-7000-8000-000000000001", school_year=2026, school=elsewhere, product="star_reading",
        student_id=stays, occurred_on=dt.date(2026, 5, 4), language="en", scaled_score=777, percentile=None,
        benchmark_category="On Watch",
    )  # fmt: skip
    check(autumn, "renaissance-star", "cumulative-performance", "hero-tracking")
