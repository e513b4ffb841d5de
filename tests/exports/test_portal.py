"""The year's data on the portal: preview, home, the typed waiver, the run's page, the API, letters."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role
from correspondence.models import MailTemplate
from correspondence.occasions import occasion_of, values_of
from correspondence.rendering import render
from correspondence.templates import current_template, save_template
from products.models import Subscription
from resets.exports.services import note_report_printed
from resets.models import ResetSchedule, YearExport
from resets.planner import ensure_schedules
from tenants.models import District
from tests.exports.conftest import Package, night
from tests.support.people import logged_in
from tests.web.conftest import JUNE, admin, educator, june, rostered, school_admin
from tests.web.test_resets import make_run

__all__ = ["admin", "educator", "june", "rostered", "school_admin"]
PREVIEW = "/resets/literacy/2026/"
WAIVER = {"answer": "waive", "why": "Our warehouse has it.", "confirmed": "Maple Unified"}


def asks(client: Client) -> dict[str, Any]:
    return {ask.title: ask for ask in client.get("/").context["asks"]}


def test_the_preview_says_what_is_missing_and_until_when_it_waits(admin: Client, rostered: District) -> None:
    page = admin.get(PREVIEW).content.decode()
    assert "Nobody has made a package of this year&#x27;s data yet." in page
    assert "The reset waits for it until Friday, July 31, 2026, and then goes on without it." in page
    Package(rostered, "literacy", built_at=night(20, month=6)).downloaded()
    page = admin.get(PREVIEW).content.decode()
    assert "Downloaded on Saturday, June 20, 2026" in page
    assert "Wait for no download" not in page


def test_the_admin_waives_it_by_typing_the_districts_name(admin: Client) -> None:
    wrong = admin.post(PREVIEW, {**WAIVER, "confirmed": "Maple"})
    assert wrong.status_code == 400
    assert "Type it exactly: Maple Unified" in wrong.content.decode()
    assert admin.post(PREVIEW, {**WAIVER, "why": ""}).status_code == 400
    assert not YearExport.objects.exists()
    assert admin.post(PREVIEW, WAIVER).status_code == 302
    export = YearExport.objects.get()
    assert export.waived_by.startswith("district_admin:")
    assert export.waived_reason == "Our warehouse has it."
    page = admin.get(PREVIEW).content.decode()
    assert "Our warehouse has it." in page
    assert "By a district admin." in page


@pytest.mark.parametrize("role", [Role.SCHOOL_ADMIN, Role.EDUCATOR])
def test_nobody_else_of_the_district_waives(role: Role, rostered: District) -> None:
    assert logged_in(rostered, role).post(PREVIEW, WAIVER).status_code == 403
    assert not YearExport.objects.exists()


def test_another_districts_waiver_is_its_own(admin: Client, other_district: District) -> None:
    logged_in(other_district, Role.DISTRICT_ADMIN).post(PREVIEW, {**WAIVER, "confirmed": "Cedar Unified"})
    assert not YearExport.objects.filter(district__slug="maple").exists()


def test_home_asks_until_it_is_downloaded(admin: Client, school_admin: Client, rostered: District) -> None:
    title = "Download the year's data: Imagine Learning Literacy suite"
    ask = asks(admin)[title]
    assert (ask.state, ask.whose) == ("now", "")
    assert "before your reset date occurs (July 28)" in ask.text
    assert "waits for it until Friday, July 31, 2026" in ask.text
    assert asks(school_admin)[title].whose == "The district's admins"
    Package(rostered, "literacy", built_at=night(20, month=6)).downloaded()
    assert asks(admin)[title].state == "done"


def test_hero_asks_to_print_the_points_report(admin: Client, rostered: District) -> None:
    with schema_context("public"):
        Subscription.objects.create(district=rostered, product="hero", starts_on=dt.date(2025, 8, 1))
        ensure_schedules(dt.datetime.fromisoformat(JUNE))
    title = "Print the Schoolwide Points report"
    assert asks(admin)[title].state == "now"
    assert "prior to the archive" in asks(admin)[title].text
    note_report_printed(rostered, "hero", 2026, actor="district_admin:1", at=night(25, month=6))
    assert asks(admin)[title].state == "done"
    YearExport.objects.update(printed_at=None)
    assert asks(admin)[title].state == "now"
    Package(rostered, "hero", built_at=night(20, month=6)).downloaded()
    assert asks(admin)[title].state == "done", "the package holds it as a PDF"


def test_pages_ask_no_more_with_more_suites(
    admin: Client, rostered: District, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        admin.get("/")
        with CaptureQueriesContext(connection) as asked:
            admin.get("/")
        return len(asked)

    one = queries()
    with schema_context("public"):
        for product in ("hero", "math_3plus"):
            Subscription.objects.create(district=rostered, product=product, starts_on=dt.date(2025, 8, 1))
        ensure_schedules(dt.datetime.fromisoformat(JUNE))
    assert queries() == one


def test_the_runs_page_says_what_became_of_it(admin: Client, rostered: District) -> None:
    run = make_run(rostered, evidence={"export": {"state": "missing"}})
    page = admin.get(f"/resets/runs/{run.pk}/").content.decode()
    assert "Not downloaded before the reset; the days for which it waits were over." in page


def test_the_api_says_it(admin: Client, rostered: District, clock: Callable[[str], Any]) -> None:
    clock(night(28, minutes=5).isoformat())
    (line,) = admin.get("/api/v1/schedules/").json()["results"]
    assert line["year_data"] == {
        "state": "missing", "deletes": True, "waits": True, "waits_until": "2026-07-31",
        "missing": "Nobody has made a package of this year's data yet.",
    }  # fmt: skip
    run = make_run(rostered, evidence={"export": {"state": "missing"}})
    assert admin.get(f"/api/v1/runs/{run.pk}/").json()["year_data"] == {"state": "missing"}


def test_a_reminder_says_that_nothing_was_downloaded(rostered: District) -> None:
    def letter() -> str:
        occasion = occasion_of(rostered, "literacy", 2026, "before_14")
        assert occasion is not None
        template = current_template("before_14")
        return render(template.subject, template.body, values_of(occasion, dt.date(2026, 7, 14))).text

    assert "This year's data has not been downloaded. Nobody has made a package" in letter()
    assert "until Friday, July 31, 2026" in letter()
    Package(rostered, "literacy", built_at=night(20, month=6)).downloaded()
    assert "has not been downloaded" not in letter()
    assert "Downloaded on Saturday, June 20, 2026" in letter()


def test_the_sources_wording_follows_and_a_persons_stays(rostered: District) -> None:
    with schema_context("public"):
        old = MailTemplate.objects.create(
            kind="before_7", version=1, subject="Old", body="Old", made_at=night(1), made_by="system:sources"
        )
        newer = current_template("before_7")
        assert newer.version == 2
        assert "{{ year_data }}" in newer.body
        assert current_template("before_7").pk == newer.pk
        own = save_template("before_7", subject="Ours", body="Ours", based_on=2, actor="csm:1", at=night(2))
        assert current_template("before_7").pk == own.pk
        assert MailTemplate.objects.get(pk=old.pk).body == "Old"


def test_without_a_date_there_is_nothing_to_tell(rostered: District, admin: Client) -> None:
    with schema_context("public"):
        ResetSchedule.objects.all().delete()
    assert admin.get(PREVIEW).status_code == 200


def test_a_reset_that_waits_looks_like_no_failure(admin: Client, clock: Callable[[str], Any]) -> None:
    clock(night(29, minutes=300).isoformat())
    home = admin.get("/")
    assert [point.state for point in home.context["timeline"] if point.title.endswith("reset")] == ["ahead"]
    for page in (home.content.decode(), admin.get("/resets/").content.decode()):
        assert "Waits for the download" in page
        assert "Waits until Jul 31, 2026" in page or "waits until Jul 31, 2026" in page
    clock(night(31, minutes=5).isoformat())
    assert "Waits for the download" not in admin.get("/resets/").content.decode()
