"""Hero over the summer: switches per school and for all, and codes and actions that ask before the archive."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from accounts.models import Role
from products.hero.models import (
    ActionSetting,
    BehaviorCode,
    NotificationTemplate,
    PortalSetting,
    SchoolSubscription,
    SettingChange,
)
from products.models import Subscription
from rostering.models import School
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import logged_in, visiting
from tests.web.test_resets import make_run


@pytest.fixture
def schools(rostered: District) -> list[int]:
    """Both schools' keys: they use Hero, with a code, an action and a notification each."""
    with schema_context("public"):
        Subscription.objects.create(district=rostered, product="hero", starts_on=dt.date(2025, 8, 1))
    with enter_district(rostered):
        keys = list(School.objects.order_by("name").values_list("pk", flat=True))
        for key in keys:
            SchoolSubscription.objects.create(school_id=key, starts_on=dt.date(2025, 8, 1))
            BehaviorCode.objects.create(school_id=key, code="TARDY", name="Tardy", points=-1)
            ActionSetting.objects.create(school_id=key, action="Detention", threshold=4)
            NotificationTemplate.objects.create(school_id=key, name="Praise", subject="Good news", body="x")
    return keys


def codes(district: District, school: int) -> list[tuple[str, int]]:
    with enter_district(district):
        return list(BehaviorCode.objects.filter(school_id=school).order_by("code").values_list("code", "points"))


def code_address(district: District, school: int) -> str:
    with enter_district(district):
        return f"/hero/{school}/codes/{BehaviorCode.objects.get(school_id=school).pk}/"


def states(district: District, switch: str) -> list[bool]:
    with enter_district(district):
        found = dict(PortalSetting.objects.values_list("school_id", switch))
        return [found.get(key, True) for key in School.objects.order_by("name").values_list("pk", flat=True)]


CHANGED = {"code": "TARDY", "name": "Late", "points": "-2"}


def test_all_schools_are_turned_off_and_on_again(admin: Client, schools: list[int], rostered: District) -> None:
    for switch in ("sends_emails", "students_see_schedules", "parents_see_schedules"):
        page = admin.post("/hero/switch/", {"switch": switch, "to": "off", "school": "all"}, follow=True)
        assert "turned off at 2 schools" in page.content.decode()
        assert states(rostered, switch) == [False, False]
        again = admin.post("/hero/switch/", {"switch": switch, "to": "off", "school": "all"}, follow=True)
        assert "Nothing was changed" in again.content.decode()
        admin.post("/hero/switch/", {"switch": switch, "to": "on", "school": "all"})
        assert states(rostered, switch) == [True, True]
    with enter_district(rostered):
        changes = SettingChange.objects.order_by("pk")
        assert changes.count() == 12
        assert {change.actor.split(":")[0] for change in changes} == {"district_admin"}
        assert (changes[0].setting, changes[0].before, changes[0].after) == ("Email notifications", "on", "off")


def test_a_school_admin_turns_their_own_alone(school_admin: Client, schools: list[int], rostered: District) -> None:
    own, other = schools
    page = school_admin.get("/hero/").content.decode()
    assert "School 1" in page
    assert "School 2" not in page
    assert "at all schools" not in page
    school_admin.post("/hero/switch/", {"switch": "sends_emails", "to": "off", "school": str(own)})
    assert states(rostered, "sends_emails") == [False, True]
    for said, status in ((str(other), 404), ("all", 403)):
        refused = school_admin.post("/hero/switch/", {"switch": "sends_emails", "to": "off", "school": said})
        assert refused.status_code == status
    assert states(rostered, "sends_emails") == [False, True]
    for address in (f"/hero/{other}/", f"/hero/{other}/codes/add/", code_address(rostered, other)):
        assert school_admin.get(address).status_code == 404
    with enter_district(rostered):
        template = NotificationTemplate.objects.get(school_id=other).pk
    assert school_admin.post(f"/hero/{own}/notifications/{template}/", {"to": "off"}, follow=True).status_code == 200
    with enter_district(rostered):
        assert NotificationTemplate.objects.get(pk=template).is_on


@pytest.mark.parametrize("form", [{}, {"switch": "x", "to": "off", "school": "all"}, {"switch": "sends_emails"}])
def test_half_a_form_changes_nothing(form: dict[str, str], admin: Client, schools: list[int]) -> None:
    assert "Nothing was changed" in admin.post("/hero/switch/", form, follow=True).content.decode()


def test_one_notification_is_turned(admin: Client, schools: list[int], rostered: District) -> None:
    with enter_district(rostered):
        template = NotificationTemplate.objects.get(school_id=schools[0]).pk
    page = admin.post(f"/hero/{schools[0]}/notifications/{template}/", {"to": "off"}, follow=True)
    assert "“Praise” is off." in page.content.decode()
    with enter_district(rostered):
        assert not NotificationTemplate.objects.get(pk=template).is_on


def test_before_the_archive_an_edit_asks(admin: Client, schools: list[int], rostered: District) -> None:
    at = code_address(rostered, schools[0])
    page = admin.get(at).content.decode()
    assert "prior to the archive process is NOT RECOMMENDED" in page
    refused = admin.post(at, CHANGED)
    assert refused.status_code == 400
    assert "Tick this to go on. Nothing was changed." in refused.content.decode()
    assert codes(rostered, schools[0]) == [("TARDY", -1)]
    assert admin.post(at + "remove/", {}).status_code == 400
    assert admin.post(at, {**CHANGED, "confirmed": "on"}).status_code == 302
    assert codes(rostered, schools[0]) == [("TARDY", -2)]
    with enter_district(rostered):
        change = SettingChange.objects.get()
    assert change.confirmed
    assert (change.before, change.after) == ("TARDY: Tardy, minus 1 point", "TARDY: Late, minus 2 points")
    assert "who confirmed it before the archive" in admin.get(f"/hero/{schools[0]}/").content.decode()


def test_after_the_archive_it_is_free(admin: Client, schools: list[int], rostered: District) -> None:
    make_run(rostered, suite="hero")
    at = code_address(rostered, schools[0])
    assert "NOT RECOMMENDED" not in admin.get(at).content.decode()
    assert admin.post(at, CHANGED).status_code == 302
    assert admin.post(f"/hero/{schools[0]}/codes/add/", {**CHANGED, "code": "HELP", "points": "3"}).status_code == 302
    assert codes(rostered, schools[0]) == [("HELP", 3), ("TARDY", -2)]
    assert admin.post(at + "remove/", {}).status_code == 302
    assert codes(rostered, schools[0]) == [("HELP", 3)]
    with enter_district(rostered):
        assert not SettingChange.objects.filter(confirmed=True).exists()


def test_an_archive_of_another_suite_frees_nothing(admin: Client, schools: list[int], rostered: District) -> None:
    make_run(rostered, suite="literacy")
    assert admin.post(code_address(rostered, schools[0]), CHANGED).status_code == 400


def test_in_a_years_midst_nothing_is_asked(
    admin: Client, schools: list[int], rostered: District, clock: Callable[[str], Any]
) -> None:
    clock("2026-01-20T15:00:00+00:00")
    assert "NOT RECOMMENDED" not in admin.get(code_address(rostered, schools[0])).content.decode()


def test_actions_and_wrong_values(admin: Client, schools: list[int], rostered: District) -> None:
    make_run(rostered, suite="hero")
    add = f"/hero/{schools[0]}/actions/add/"
    assert "Give the action" in admin.post(add, {}).content.decode()
    assert "has “detention” already" in admin.post(add, {"action": "detention", "threshold": "2"}).content.decode()
    assert admin.post(add, {"action": "Call home", "threshold": "6"}).status_code == 302
    with enter_district(rostered):
        assert ActionSetting.objects.filter(school_id=schools[0]).count() == 2
    assert admin.get(f"/hero/{schools[0]}/nothing/add/").status_code == 404


def test_a_school_without_subscription_is_told_what_comes(
    admin: Client, schools: list[int], rostered: District
) -> None:
    with enter_district(rostered):
        SchoolSubscription.objects.filter(school_id=schools[0]).update(ends_on=dt.date(2026, 6, 20))
    assert "permanently deleted" in admin.get(f"/hero/{schools[0]}/").content.decode()
    assert "Not active" in admin.get("/hero/").content.decode()


def test_a_district_without_hero_has_no_such_pages(admin: Client, rostered: District) -> None:
    assert admin.get("/hero/").status_code == 404
    assert 'href="/hero/"' not in admin.get("/").content.decode()


def test_the_menu_leads_there(admin: Client, schools: list[int]) -> None:
    assert 'href="/hero/"' in admin.get("/").content.decode()


def test_a_visitor_looks_and_an_educator_does_not(schools: list[int], rostered: District, educator: Client) -> None:
    visitor = visiting(rostered)
    page = visitor.get(f"/hero/{schools[0]}/").content.decode()
    assert "TARDY" in page
    assert "Turn off" not in page
    assert visitor.post("/hero/switch/", {"switch": "sends_emails", "to": "off", "school": "all"}).status_code == 403
    assert educator.get("/hero/").status_code == 403


def test_many_schools_ask_no_more_and_come_in_pages(admin: Client, schools: list[int], rostered: District) -> None:
    counts = []
    admin.get("/hero/")  # what is remembered between requests
    for more in (1, 60):
        with enter_district(rostered):
            School.objects.bulk_create(School(sourced_id=f"x{more}-{n}", name=f"X {n}") for n in range(more))
        with CaptureQueriesContext(connection) as captured:
            page = admin.get("/hero/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    names = [row.school.name for row in page.context["rows"]]
    while after := page.context["next"]:
        page = admin.get(f"/hero/?after={after}")
        names += [row.school.name for row in page.context["rows"]]
    assert len(names) == len(schools) + 61
    assert names == sorted(names)


def test_another_districts_school_is_not_there(schools: list[int], other_district: District) -> None:
    with schema_context("public"):
        Subscription.objects.create(district=other_district, product="hero", starts_on=dt.date(2025, 8, 1))
    other = logged_in(other_district, Role.DISTRICT_ADMIN)
    assert other.get(f"/hero/{schools[0]}/").status_code == 404
