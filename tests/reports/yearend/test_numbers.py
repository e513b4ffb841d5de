"""Each report's numbers are those of an independent computation: of everything, and of any scope."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg import sql

from products.literacy.models import ActionArea, Group
from reports.people.sight import Sight
from reports.yearend.compile import page_of, sheets, students_in_report
from reports.yearend.registry import REPORTS, report_named
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Report, Totals
from resets.policies.registry import policy_for
from tenants.models import District
from tests.reports.yearend.checking import check_report, rows_of
from tests.reports.yearend.independent import SHOWN_DAYS, Computed
from tests.reports.yearend.world import World

pytestmark = pytest.mark.xdist_group("yearend")
AS_OF = dt.date(2026, 6, 15)
ALL = Scope(Sight(), (2024, 2025, 2026), AS_OF, previous=2025)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_numbers_of_a_district(report: Report, inside: District, world: World) -> None:
    assert all(check_report(world, report, ALL, grain) for grain in Grain)


def scopes(world: World) -> st.SearchStrategy[Scope]:
    """Any scope: a reader, years, and up to three filters at once, also such as fit nobody."""
    schools, sections = sorted(world.schools), sorted(world.sections)
    educators = sorted({each.educator_id for each in world.taught})
    groups = sorted({row["id"] for row in world.rows(Group)}, key=str)
    days = st.dates(dt.date(2025, 9, 1), dt.date(2026, 5, 30))
    filters: dict[str, st.SearchStrategy[Any]] = {
        "school": st.sampled_from(schools),
        "grade": st.sampled_from(["KG", "03", "07", "10"]),
        "section": st.sampled_from(sections),
        "group": st.sampled_from(groups),
        "student": st.sampled_from(sorted(world.students)),
        "since": days,
        "until": days,
    }
    sights = st.one_of(
        st.just(Sight()),
        st.builds(Sight, school_id=st.sampled_from(schools)),
        st.builds(Sight, educator_id=st.sampled_from(educators)),
    )

    @st.composite
    def scope(draw: st.DrawFn) -> Scope:
        chosen = draw(st.lists(st.sampled_from(sorted(filters)), max_size=3, unique=True))
        return Scope(
            draw(sights),
            draw(st.sampled_from([(2026,), (2025, 2026), (2024, 2025, 2026)])),
            draw(st.sampled_from([AS_OF, dt.date(2026, 8, 20)])),
            **{name: draw(filters[name]) for name in chosen},
            previous=2025,
        )

    return scope()


def test_numbers_of_any_scope(inside: District, world: World) -> None:
    @settings(
        max_examples=70,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.sampled_from(REPORTS), st.sampled_from(Grain), scopes(world), st.data())
    def holds(report: Report, grain: Grain, scope: Scope, data: st.DataObject) -> None:
        product = data.draw(st.sampled_from(["", report.products[0].code]))
        scope = Scope(**{**vars(scope), "product": product})
        found.append(check_report(world, report, scope, grain))
        part = report.parts[0]
        whole = rows_of(sheets(report, scope, grain)[0])
        assert page_of(report, part, scope, grain, None, 10_000).rows == whole
        assert students_in_report(report, scope) == len(students_of(Computed(world, report, scope)))

    found: list[int] = []
    holds()
    assert sum(rows > 0 for rows in found) > 15, "scopes of nobody prove little"


def students_of(computed: Computed) -> set[int]:
    codes: set[str] = set()
    for part in computed.report.parts:
        codes |= {part.category}
        codes |= {measure.of for measure in part.measures if measure.of} if isinstance(part, Totals) else set()
    return {row["student_id"] for code in codes for row in computed.rows(code, computed.scope.years)}


def test_days_and_years_are_the_policies(inside: District) -> None:
    """The numbers that the sources name are read from the policies, where they stand once."""
    shown = next(rule for rule in policy_for("literacy").rules if rule.category == "action_areas")
    assert getattr(shown.action, "last", None) == SHOWN_DAYS
    days = [row["occurred_on"] for row in World().rows(ActionArea)]
    edge = sorted(days)[len(days) // 2]
    for extra, counts in ((0, True), (1, False)):
        scope = Scope(Sight(), ALL.years, edge + dt.timedelta(SHOWN_DAYS + extra))
        listed = rows_of(sheets(report_named("literacy-action-areas"), scope, Grain.DISTRICT)[3])
        assert (edge in {row[5] for row in listed}) is counts
        assert len(listed) == sum(day >= edge + dt.timedelta(extra) for day in days)


BY_HAND = (
    ("literacy-usage", "minutes", "SELECT sum(minutes) FROM {s}.literacy_usagearchive WHERE school_year = 2025"),
    ("literacy-lessons", "passed", "SELECT count(*) FROM {s}.literacy_progress WHERE passed AND school_year = 2025"),
    (
        "literacy-growth",
        "growth",
        "SELECT round(avg(e.score - b.score), 1) FROM {s}.literacy_benchmarkarchive AS b"
        " JOIN {s}.literacy_benchmarkarchive AS e USING (student_id, school_year)"
        " WHERE b.school_year = 2025 AND b.window = 'BOY' AND e.window = 'EOY'",
    ),
    (
        "hero-points",
        "earned",
        "SELECT sum(points) FROM {s}.hero_pointsarchive WHERE points > 0 AND school_year = 2025",
    ),
    ("hero-tracking", "events", "SELECT count(*) FROM {s}.hero_trackingeventarchive WHERE school_year = 2025"),
    ("renaissance-reader", "points", "SELECT sum(points_earned) FROM {s}.renaissance_quiz WHERE school_year = 2025"),
)


@pytest.mark.parametrize(("code", "column", "by_hand"), BY_HAND, ids=[code for code, _, _ in BY_HAND])
def test_the_first_figures_of_a_report_are_what_their_names_say(
    code: str, column: str, by_hand: str, inside: District
) -> None:
    """Also the definitions themselves are held against queries written by hand."""
    sheet = sheets(report_named(code), Scope(Sight(), (2025,), AS_OF), Grain.DISTRICT)[0]
    place = [each.name for each in sheet.columns].index(column)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(by_hand).format(s=sql.Identifier(inside.schema_name)))
        wanted = cursor.fetchone()[0]
    rows = rows_of(sheet)
    assert wanted
    assert (sum(row[place] for row in rows) if len(rows) > 1 else rows[0][place]) == wanted
