"""Longer lists and longer pages ask the database no more often."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resets.models import Answer, ResetRun, ResetSchedule, RunCount
from tenants.models import Csm, District, Job
from tests.web.desk import JULY_28, LISTS, NOW, book, csm, fill, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures


@pytest.mark.parametrize("address", LISTS)
def test_a_longer_list_asks_no_more(book: District, csm: Client, address: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert csm.get(f"/admin/{address}/").status_code == 200
        return len(asked)

    queries()
    short = queries()
    for year in range(2010, 2022):
        fill(book, year)
    if address == "tenants/district":
        own = Csm.objects.get()
        for number in range(12):
            District.objects.create(
                slug=f"d-{number}", name=f"D {number}", schema_name=f"d_{number}", csm=own, school_year=2026,
                school_year_ends_on=dt.date(2026, 6, 1), rostering_starts_on=dt.date(2026, 8, 1),
            )  # fmt: skip
    assert queries() == short


@pytest.mark.parametrize("model", [ResetRun, ResetSchedule, District, Job])
def test_a_page_with_more_lines_asks_no_more(book: District, csm: Client, model: Any) -> None:
    row = model.objects.get(pk=book.pk) if model is District else model.objects.get(district=book)
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert csm.get(address).status_code == 200
        return len(asked)

    queries()
    few = queries()
    run = ResetRun.objects.get(district=book)
    for position in range(10, 40):
        RunCount.objects.create(run=run, position=position, category="benchmarks", action="Archive", before=0)
    schedule = ResetSchedule.objects.get(district=book)
    for day in range(1, 20):
        schedule.changes.create(from_on=JULY_28, to_on=JULY_28, answer=Answer.CUSTOM, actor="csm:1", at=NOW)
        book.closed_days.create(on=dt.date(2026, 7, day), reason="Audit")
    assert queries() == few
