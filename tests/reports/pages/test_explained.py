"""What a page says where there is nothing to show: the source's words, not an empty table."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from archiving.years.models import ArchivedYear, YearState
from tenants.models import District
from tests.reports.pages.conftest import text_of

CUMULATIVE, PLAYLISTS = "/reports/cumulative-performance/", "/reports/literacy-playlists/"


def archived(district: District, june: dt.datetime, school_year: int, **other: Any) -> ArchivedYear:
    with schema_context("public"):
        facts = {"suite": "literacy", "school_year": school_year, "state": YearState.ARCHIVED, "since": june, **other}
        return ArchivedYear.objects.create(district=district, **facts)


def test_the_previous_academic_year_is_the_last_that_was_reset(
    used: District, admin: Client, june: dt.datetime
) -> None:
    assert "No school year has been reset yet" in text_of(admin, CUMULATIVE)
    archived(used, june, 2024)
    newest = archived(used, june, 2025, restored_schools=[1])
    assert "The previous academic year is 2024\N{EN DASH}25, the last that was reset." in text_of(admin, CUMULATIVE)
    with schema_context("public"):
        newest.state, newest.restored_schools = YearState.RESTORED, []
        newest.save()
    assert "The previous academic year is 2023\N{EN DASH}24" in text_of(admin, CUMULATIVE)
    assert "previous academic year is" not in text_of(admin, "/reports/literacy-usage/")


@pytest.mark.parametrize("query", ["", "?by=student&grade=05"])
def test_after_a_reset_playlists_say_that_students_were_taken_off(
    used: District, admin: Client, june: dt.datetime, query: str
) -> None:
    off = "The reset of 2024\N{EN DASH}25 took the students off"
    assert off not in text_of(admin, f"{PLAYLISTS}{query}")
    archived(used, june, 2025)
    text = text_of(admin, f"{PLAYLISTS}{query}")
    assert off in text
    assert "are retained but students are no longer assigned to the playlists" in text
    assert "<table" not in text
