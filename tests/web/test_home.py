"""The home pages: what is asked of whom now, worked out from where the year stands."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.test import Client
from django_tenants.utils import schema_context

from resets.models import ResetSchedule, RunState
from rostering.models import School, Section
from rostering.services import import_bundle, pause_syncs
from tenants.models import District
from tenants.schema import enter_district
from tests.rostering.bundles import small_bundle
from tests.web.test_resets import make_run


def asks(client: Client) -> dict[str, str]:
    return {ask.title: ask.state for ask in client.get("/").context["asks"]}


def test_before_the_date_an_answer_is_asked_for(admin: Client) -> None:
    found = asks(admin)
    assert found["Agree the date of Imagine Learning Literacy suite"] == "now"
    assert found["Download the year's data: Imagine Learning Literacy suite"] == "now"
    assert found["Remove educators who have left"] == "now"
    assert found["Bring in the new year's roster"] == "later"
    admin.post("/resets/literacy/2026/", {"answer": "agree"})
    assert asks(admin)["Agree the date of Imagine Learning Literacy suite"] == "done"


def test_long_before_the_date_the_records_can_wait(admin: Client, clock: Callable[[str], dt.datetime]) -> None:
    clock("2026-03-02T15:00:00+00:00")
    assert asks(admin)["Download the year's data: Imagine Learning Literacy suite"] == "later"


def test_after_the_reset_the_new_roster_is_asked_for(
    admin: Client, rostered: District, tmp_path: Path, clock: Callable[[str], dt.datetime]
) -> None:
    make_run(rostered)
    with enter_district(rostered):
        pause_syncs("literacy", 2026, paused_on=dt.date(2026, 6, 23))
    found = asks(admin)
    assert found["Import the roster of 2026-27"] == "now"
    assert found["Declare rostering complete"] == "later"
    assert "Agree the date of Imagine Learning Literacy suite" not in found
    clock("2026-08-20T15:00:00+00:00")
    bundle = small_bundle(students=40, school_year=2027).write(tmp_path, "next.zip")
    with enter_district(rostered):
        import_bundle(bundle, source="upload", actor="district_admin:1", as_of=dt.date(2026, 8, 20))
    found = asks(admin)
    assert found["Import the roster of 2026-27"] == "done"
    assert found["Check the roster"] == "now"
    assert found["Declare rostering complete"] == "now"
    admin.post("/rosters/complete/")
    assert asks(admin) == {"Bring in the new year's roster": "done"}


def test_the_new_roster_is_not_asked_for_while_another_reset_is_ahead(admin: Client, rostered: District) -> None:
    make_run(rostered, suite="hero")
    with schema_context("public"):
        ResetSchedule.objects.create(district=rostered, suite="hero", school_year=2026, on=dt.date(2026, 7, 10))
    with enter_district(rostered):
        pause_syncs("hero", 2026, paused_on=dt.date(2026, 7, 10))
    found = asks(admin)
    assert found["Bring in the new year's roster"] == "later"
    assert "Import the roster of 2026-27" not in found


def test_a_failed_reset_is_seen(admin: Client, rostered: District) -> None:
    make_run(rostered, RunState.FAILED, error="PlanError: x")
    assert "Failed; nothing was changed" in admin.get("/").content.decode()


def test_the_last_import_and_the_numbers(admin: Client) -> None:
    page = admin.get("/")
    assert "Date of last import file received" in page.content.decode()
    numbers = page.context["numbers"]
    assert (numbers.schools, numbers.students, numbers.educators, numbers.sections) == (2, 40, 2, 2)


def test_the_years_timeline_has_today_in_its_place(admin: Client, educator: Client) -> None:
    for client in (admin, educator):
        points = client.get("/").context["timeline"]
        assert [point.on for point in points] == sorted(point.on for point in points)
        states = {point.title: point.state for point in points}
        assert states["School year ends"] == "past"
        assert states["Imagine Learning Literacy suite reset"] == "ahead"
        titles = [point.title for point in points]
        assert (
            titles.index("School year ends") < titles.index("Today") < titles.index("Rostering for the new year starts")
        )
        names = next(point for point in points if point.title.endswith("day 91, names go"))
        assert names.on == dt.date(2026, 7, 28) + dt.timedelta(days=91)


def test_what_has_been_done_is_told_by_role(admin: Client, school_admin: Client, rostered: District) -> None:
    admin.post("/resets/literacy/2026/", {"answer": "agree"})
    make_run(rostered, suite="hero")
    with enter_district(rostered):
        pause_syncs("literacy", 2026, paused_on=dt.date(2026, 6, 23))
    admin.post("/rosters/complete/")
    for client in (admin, school_admin):
        deeds = {deed.title: deed.who for deed in client.get("/").context["deeds"]}
        assert deeds["Imagine Learning Literacy suite: July 28 agreed"] == "a district admin"
        assert deeds["Hero: reset"] == "your customer success manager"
        assert deeds["Rostering declared complete"] == "a district admin"
        assert deeds["Roster of 2025-26"] == "a district admin"


def test_whoever_is_asked_is_named(admin: Client) -> None:
    admin.post("/resets/literacy/2026/", {"answer": "ask", "on": "2026-07-14", "reason": "Summer session"})
    asked = {ask.title: ask.whose for ask in admin.get("/").context["asks"]}
    assert asked["Pick the date of Imagine Learning Literacy suite"] == "Your customer success manager"


def test_why_the_nightly_syncs_are_paused(admin: Client, rostered: District) -> None:
    rostered.nightly_sync = True
    rostered.save()
    assert "Each night at 1:00" in admin.get("/").content.decode()
    with enter_district(rostered):
        pause_syncs("literacy", 2026, paused_on=dt.date(2026, 6, 23))
    page = admin.get("/").content.decode()
    assert "Paused" in page
    assert "will pause on the reset date" in page


def test_a_school_admin_sees_their_school(school_admin: Client) -> None:
    page = school_admin.get("/")
    assert page.context["numbers"].students == 20
    assert "School 1" in page.content.decode()
    assert "School 2" not in page.content.decode()
    whose = {ask.title: ask.whose for ask in page.context["asks"]}
    assert whose["Remove educators who have left"] == ""
    assert whose["Agree the dates"] == "The district's admins"
    assert not any(title.startswith("Agree the date of") for title in whose)


def test_an_educator_sees_their_classes_alone(educator: Client, rostered: District) -> None:
    page = educator.get("/")
    assert [(section.title, section.students) for section in page.context["sections"]] == [("Homeroom 1", 20)]
    text = page.content.decode()
    assert "Homeroom 2" not in text
    assert "Rosters" not in text
    for address in ("/rosters/", "/resets/", "/resets/literacy/2026/"):
        assert educator.get(address).status_code == 403
    with enter_district(rostered):
        assert School.objects.count() == Section.objects.count() == 2


def test_a_stranger_is_sent_to_the_log_in(rostered: District) -> None:
    from tests.support.people import client_at

    response = client_at(rostered).get("/rosters/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login/")
