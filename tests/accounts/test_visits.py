"""Support visits: one ticket for one district and one minute, read-only, over to the second, ended by either side."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.errors import VisitError
from accounts.models import Role, SupportVisit, SupportVisitor, User
from accounts.services import deactivate_user
from accounts.visits import ask_for_visit, begin_visit, end_visit
from ledger.models import LedgerEntry
from tenants.jobs.tasks import run_job
from tenants.models import Csm, District, Job
from tenants.schema import enter_district
from tests.support.people import client_at, logged_in, make_person

NOON = dt.datetime(2026, 7, 28, 17, tzinfo=dt.UTC)  # in Chicago
Clock = Callable[[str], Any]


@pytest.fixture
def casey(district: District, other_district: District) -> User:
    """A CSM whose book has both districts."""
    book = [district.pk, other_district.pk]
    with schema_context("public"):
        District.objects.filter(pk__in=book).update(csm=Csm.objects.create(name="Casey", email="Casey@vendor.example"))
    return make_person(None, Role.CSM, "casey@vendor.example")


def ask(district: District, casey: User, **facts: Any) -> str:
    return ask_for_visit(
        district, actor=casey.actor, name=casey.name, **{"reason": "Cannot find the dates", "at": NOON, **facts}
    )


@pytest.fixture
def visitor(district: District, casey: User, clock: Clock) -> Client:
    """A window in which a visit has begun."""
    return come_in(district, casey, clock)


def come_in(district: District, casey: User, clock: Clock) -> Client:
    clock(NOON.isoformat())
    client = client_at(district)
    assert client.get(f"/visit/{ask(district, casey)}/")["Location"] == "/"
    return client


def the_visit(district: District) -> SupportVisit:
    with enter_district(district):
        return SupportVisit.objects.get()


def test_a_visitor_sees_the_districts_pages_with_a_banner(visitor: Client, district: District) -> None:
    page = visitor.get("/").content.decode()
    assert "Support visit by A customer success manager, read-only, until 12:30 PM." in page
    assert "End the visit" in page
    assert "Change your password" not in page
    assert visitor.get("/rosters/").status_code == 200
    assert "Upload a roster" not in visitor.get("/rosters/").content.decode()
    assert the_visit(district).pages == {"home": 1, "rosters": 2}


def test_a_visit_is_over_to_the_second(visitor: Client, clock: Clock) -> None:
    clock("2026-07-28T17:29:59+00:00")
    assert visitor.get("/").status_code == 200
    clock("2026-07-28T17:30:00+00:00")
    assert visitor.get("/")["Location"] == "/visit/over/"
    assert "The support visit is over" in visitor.get("/visit/over/").content.decode()
    assert visitor.get("/")["Location"].startswith("/login/")
    clock("2026-07-28T17:00:00+00:00")
    assert visitor.get("/")["Location"].startswith("/login/"), "the session is gone, not only refused"


def test_htmx_is_sent_to_the_page_too(visitor: Client, clock: Clock) -> None:
    clock("2026-07-28T18:00:00+00:00")
    assert visitor.get("/", headers={"hx-request": "true"})["HX-Redirect"] == "/visit/over/"


def test_a_ticket_opens_one_visit(district: District, casey: User, clock: Clock) -> None:
    clock(NOON.isoformat())
    ticket = ask(district, casey)
    assert client_at(district).get(f"/visit/{ticket}/").status_code == 302
    again = client_at(district).get(f"/visit/{ticket}/")
    assert again.status_code == 403
    assert b"each opens one visit" in again.content
    with enter_district(district):
        assert ticket not in SupportVisit.objects.get().ticket_hash


def test_a_ticket_is_for_one_district_alone(
    district: District, other_district: District, casey: User, clock: Clock
) -> None:
    clock(NOON.isoformat())
    ticket = ask(district, casey)
    assert client_at(other_district).get(f"/visit/{ticket}/").status_code == 403
    assert client_at(None).get(f"/visit/{ticket}/").status_code == 404
    assert client_at(district).get(f"/visit/{ticket}/").status_code == 302, "elsewhere it was not spent"


def test_a_ticket_lasts_a_minute(district: District, casey: User) -> None:
    early, late = ask(district, casey), ask(district, casey)
    with enter_district(district):
        begin_visit(district, early, at=NOON + dt.timedelta(seconds=59))
        with pytest.raises(VisitError, match="within a minute"):
            begin_visit(district, late, at=NOON + dt.timedelta(seconds=60))


def test_a_visits_session_opens_no_other_host(visitor: Client, other_district: District) -> None:
    for place, address in ((other_district, "/"), (None, "/admin/")):
        other = client_at(place)
        other.cookies["sessionid"] = visitor.cookies["sessionid"].value
        assert other.get(address)["Location"].startswith("/login/"), place


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(visitor: Client, district: District, method: str) -> None:
    for address in (
        "/rosters/complete/",
        "/resets/literacy/2026/",
        "/logout/",
        "/login/",
        "/password/",
        "/visits/1/end/",
    ):
        refused = getattr(visitor, method)(address, {"answer": "agree"})
        assert refused.status_code == 403, address
        assert b"looking only" in refused.content
    assert the_visit(district).is_going_on(NOON)


def test_nothing_can_be_taken_out(visitor: Client) -> None:
    key = "00000000-0000-0000-0000-000000000001"
    for address in (f"/rosters/{key}/errors.csv", "/api/v1/schedules/", "/password/", "/rosters/upload/"):
        assert visitor.get(address).status_code == 403, address


def test_the_visitor_leaves(visitor: Client, district: District) -> None:
    assert visitor.post("/visit/end/")["Location"] == "/visit/over/"
    assert visitor.get("/")["Location"].startswith("/login/")
    assert the_visit(district).ended_by == f"support:{the_visit(district).pk}"


def test_the_district_sees_it_and_ends_it_at_once(visitor: Client, district: District) -> None:
    visitor.get("/")
    admin = logged_in(district, Role.DISTRICT_ADMIN)
    home = admin.get("/").content.decode()
    assert "support is looking at your district now</strong>, read-only, until Jul 28, 2026, 12:30 PM" in home
    listed = admin.get("/visits/").content.decode()
    for words in ("Cannot find the dates", "Going on now", "Jul 28, 2026, 12:00 PM", "1 page: Home"):
        assert words in listed, words
    assert admin.post(f"/visits/{the_visit(district).pk}/end/", follow=True).status_code == 200
    assert visitor.get("/")["Location"] == "/visit/over/"
    assert "your district ended it" in admin.get("/visits/").content.decode()
    assert "is looking at your district now" not in admin.get("/").content.decode()


def test_a_closed_log_in_ends_its_visit(visitor: Client, district: District, casey: User) -> None:
    with schema_context("public"):
        deactivate_user(casey)
    assert visitor.get("/")["Location"] == "/visit/over/"
    listed = logged_in(district, Role.DISTRICT_ADMIN).get("/visits/").content.decode()
    assert "log-in was closed" in listed
    with enter_district(district), pytest.raises(VisitError, match="no log-in"):
        begin_visit(district, ask(district, casey), at=NOON)


def test_a_district_that_leaves_the_book_is_visited_no_more(visitor: Client, district: District, casey: User) -> None:
    assert visitor.get("/").status_code == 200
    with schema_context("public"):
        District.objects.filter(pk=district.pk).update(csm=None)
    assert visitor.get("/")["Location"] == "/visit/over/"
    with enter_district(district), pytest.raises(VisitError, match="not this district"):
        begin_visit(district, ask(district, casey), at=NOON)


def test_the_ledger_has_both_ends(visitor: Client, district: District, casey: User) -> None:
    visitor.get("/")
    visit = the_visit(district)
    with enter_district(district):
        assert end_visit(district, visit.pk, actor="district_admin:7", at=NOON)
        assert not end_visit(district, visit.pk, actor="district_admin:7", at=NOON)
    for job in Job.objects.filter(kind="ledger_entry").order_by("created_at"):
        for _ in range(2):
            run_job(str(job.pk), district_id=district.pk, schema_name=district.schema_name)
    entries = LedgerEntry.objects.filter(district_id=district.pk, kind__startswith="support").order_by("number")
    told = [(entry.kind, entry.actor, {**entry.facts, "job": ""}) for entry in entries]
    assert told == [
        ("support_visit_begun", casey.actor, {"visit": visit.pk, "minutes": 30, "job": ""}),
        ("support_visit_ended", "district_admin:7", {"visit": visit.pk, "pages": 1, "job": ""}),
    ]


def test_what_is_asked_for_must_have_a_reason_and_an_end(district: District, casey: User) -> None:
    for wrong in ({"reason": " "}, {"minutes": 61}, {"minutes": 0}):
        with pytest.raises(VisitError):
            ask(district, casey, **wrong)
    with enter_district(district):
        assert not SupportVisit.objects.exists()


def test_a_visitor_is_no_row(district: District) -> None:
    with enter_district(district), pytest.raises(TypeError):
        SupportVisitor(email="a@b.example", role=Role.SUPPORT).save()
