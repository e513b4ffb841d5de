"""Suites without a date are on the board too, with the reason and the way out."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client

from products.models import Subscription
from resets.models import ResetSchedule, ResetWindow
from resets.planner import ensure_schedules
from resets.services import open_school_year
from tenants.models import Csm, District
from tests.web.board import BOARD, CSV, crowd_of
from tests.web.desk import NOW, book, csm, superuser
from tests.web.test_board import lines

__all__ = ["book", "csm", "superuser"]  # fixtures


def undated(client: Client, asked: str = "") -> dict[tuple[str, str], tuple[str, str]]:
    rows = client.get(f"{BOARD}?undated=1&{asked}").context["undated"]
    return {(row.district.slug, row.suite): (row.reason, row.advice) for row in rows}


def lack(**facts: Any) -> District:
    """A district with Hero and without a date for it."""
    row = crowd_of(1, suites=("hero",))[0]
    ResetSchedule.objects.filter(pk=row.pk).delete()
    District.objects.filter(pk=row.district_id).update(**facts)
    return District.objects.get(pk=row.district_id)


def test_what_the_planner_has_not_seen_yet_gets_its_date_soon(superuser: Client) -> None:
    district = lack()
    ((reason, advice),) = undated(superuser).values()
    assert (reason, advice) == (
        "It has not been given its date yet.",
        "Nothing: it gets July 10, 2026 within a minute.",
    )
    ensure_schedules(NOW)
    assert ResetSchedule.objects.get(district=district).on == dt.date(2026, 7, 10)
    assert undated(superuser) == {}
    assert "Every suite that a district subscribes to" not in superuser.get(BOARD).content.decode()
    assert "has its date in 2025-26" in superuser.get(f"{BOARD}?undated=1").content.decode()


@pytest.mark.parametrize(
    ("facts", "reason", "advice"),
    [
        ({"rostering_starts_on": dt.date(2026, 6, 19)}, "for the new school year began on June 19, 2026",
         "correct the first day"),
        ({"school_year_ends_on": dt.date(2026, 7, 20)}, "The school year ends on July 20, 2026",
         "as an exception with a reason; the nearest is July 21, 2026"),
        ({"rostering_starts_on": dt.date(2026, 6, 21)}, "BEFORE rostering", "Correct the district's dates or closed"),
    ],
)  # fmt: skip
def test_why_there_is_no_date_and_what_to_do(superuser: Client, facts: Any, reason: str, advice: str) -> None:
    lack(**facts)
    assert ensure_schedules(NOW) == 0
    ((said, way_out),) = undated(superuser).values()
    assert reason in said
    assert advice in way_out


def test_a_row_leads_to_where_the_date_is_picked(superuser: Client) -> None:
    district = lack()
    page = superuser.get(f"{BOARD}?undated=1").content.decode()
    for address in (
        f"/admin/tenants/district/{district.pk}/change/",
        superuser.get(f"{BOARD}?undated=1").context["undated"][0].address,
    ):
        assert f'href="{address}"' in page
        assert superuser.get(address).status_code == 200


def test_only_who_subscribes_lacks_a_date(superuser: Client) -> None:
    crowd_of(3)
    Subscription.objects.update(ends_on=dt.date(2025, 1, 1))
    ResetSchedule.objects.all().delete()
    assert undated(superuser) == {}


def test_a_suite_without_a_window_says_so(superuser: Client) -> None:
    crowd_of(1)
    ResetWindow.objects.filter(suite="math").delete()
    page = superuser.get(f"{BOARD}?undated=1").content.decode()
    assert "Imagine Math suite has no reset window in 2025-26" in page
    assert "Hero has no reset window" not in page


def test_pages_and_file_hold_every_one_once(book: District, csm: Client, superuser: Client) -> None:
    own = Csm.objects.get()
    rows = crowd_of(60, suites=("literacy", "hero"))
    District.objects.update(name="Same name")
    District.objects.filter(pk__in=[row.district_id for row in rows[:80]]).update(csm=own)
    ResetSchedule.objects.filter(pk__in=[row.pk for row in rows[::2]]).delete()
    for client, number in ((superuser, 60), (csm, 40)):
        seen, after = [], ""
        while True:
            context = client.get(BOARD, {"undated": "1", "after": after}).context
            seen += [(row.district.pk, row.suite) for row in context["undated"]]
            after = context["page"].after
            if not after:
                break
        assert len(seen) == len(set(seen)) == number
        table = list(csv.DictReader(io.StringIO(lines(client.get(f"{CSV}?undated=1")))))
        assert [line["host"] for line in table] == [District.objects.get(pk=pk).slug for pk, _ in seen]
        tallies = {tally["label"]: tally["number"] for tally in client.get(BOARD).context["tallies"]}
        assert tallies["Without a date"] == number


def test_another_year_and_one_suite(superuser: Client) -> None:
    lack()
    open_school_year(2027)
    assert undated(superuser, "year=2027") == {}
    assert undated(superuser, "suite=literacy") == {}
    assert len(undated(superuser, "suite=hero")) == 1
