"""The record of each school year: what a reset, a restore, the ninety days and a removal make of it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from archiving.years.models import ArchivedYear, YearState
from archiving.years.selectors import archive_rows
from archiving.years.services import note_anonymization, note_destruction, note_reset, note_restore
from products.literacy.models import BenchmarkArchive, UsageArchive
from resets.engine import execute
from resets.engine.counting import LineKey, Tally
from resets.models import ResetRun, RunState
from tenants.models import District
from tenants.schema import enter_district

AT = dt.datetime(2026, 7, 28, 8, tzinfo=dt.UTC)


def test_a_reset_leaves_the_years_counts(filled: Callable[..., District], make_run: Callable[..., ResetRun]) -> None:
    district = filled(suites="literacy,math", students=60)
    for suite in ("literacy", "math"):
        assert execute(make_run(district, suite).pk) == RunState.COMPLETED
    literacy = ArchivedYear.objects.get(district=district, suite="literacy")
    with enter_district(district):
        facts = {
            "benchmarks": BenchmarkArchive.objects.filter(school_year=2026).count(),
            "usage": UsageArchive.objects.filter(school_year=2026).count(),
        }
        rows = {(row.suite_name, row.school_year): row for row in archive_rows(district, None)}
    assert all(facts.values())
    assert {name: literacy.counts[name] for name in facts} == facts
    assert sum(literacy.schools.values()) == literacy.rows
    assert ArchivedYear.objects.get(district=district, suite="math").state == YearState.DESTROYED
    shown = next(row for (name, year), row in rows.items() if name.startswith("Imagine Learning Lit") and year == 2026)
    assert (shown.state, shown.rows, shown.until) == (YearState.ARCHIVED, literacy.rows, dt.date(2026, 10, 26))


@pytest.fixture
def run(district: District) -> ResetRun:
    return ResetRun.objects.create(
        district=district, suite="literacy", school_year=2026, on=AT.date(), actor="csm:1", created_at=AT
    )


def lines(*schools: int) -> dict[LineKey, Tally]:
    return {LineKey(3, "benchmarks", school): Tally(archived=10) for school in schools}


def test_single_schools_come_back_and_are_archived_again(run: ResetRun) -> None:
    note_reset(run, lines(1, 2), AT)
    note_restore(run, [2], lines(2), AT)
    year = ArchivedYear.objects.get()
    assert (year.state, year.rows, year.schools, year.restored_schools) == ("archived", 10, {"1": 10}, [2])
    note_reset(run, lines(2), AT)
    year.refresh_from_db()
    assert (year.state, year.rows, year.schools, year.restored_schools) == ("archived", 20, {"1": 10, "2": 10}, [])


def test_a_whole_year_comes_back_and_is_archived_again(run: ResetRun) -> None:
    note_reset(run, lines(1, 2), AT)
    note_restore(run, None, lines(1, 2), AT)
    assert ArchivedYear.objects.get().state == YearState.RESTORED
    note_anonymization(run.district, "literacy", 2026, AT)
    assert ArchivedYear.objects.get().state == YearState.RESTORED
    note_reset(run, lines(1), AT)
    note_anonymization(run.district, "literacy", 2026, AT)
    assert ArchivedYear.objects.get().state == YearState.ANONYMIZED
    note_destruction(run.district, AT)
    assert (ArchivedYear.objects.get().state, ArchivedYear.objects.get().counts) == ("destroyed", {})


def test_the_database_refuses_a_step_that_cannot_follow(run: ResetRun) -> None:
    note_reset(run, lines(1), AT)
    note_anonymization(run.district, "literacy", 2026, AT)
    for state in (YearState.ARCHIVED, YearState.RESTORED, YearState.LIVE):
        with pytest.raises(DatabaseError, match="does not go from anonymized"), transaction.atomic():
            ArchivedYear.objects.update(state=state)
