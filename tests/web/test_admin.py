"""The CSM's desk: the own book, dates through the service, records that nobody edits, and steady query counts."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from ledger.models import LedgerEntry
from ledger.services import append_entry
from products.models import Subscription
from products.registry import suite_named
from resets.models import Answer, ResetRun, ResetSchedule, RunCount, RunState
from resets.services import open_school_year
from tenants.desk import ReadOnly
from tenants.jobs.services import enqueue_job
from tenants.models import Csm, District, Job, RefusedTask
from tests.support.people import PASSWORD, logged_in

NOW = dt.datetime(2026, 6, 20, 15, tzinfo=dt.UTC)
JULY_28 = dt.date(2026, 7, 28)
LISTS = (
    "tenants/district", "tenants/job", "tenants/refusedtask", "products/subscription", "resets/resetwindow",
    "resets/resetschedule", "resets/resetrun", "ledger/ledgerentry",
)  # fmt: skip
SUPERUSERS_LISTS = ("tenants/csm", "accounts/user")


@pytest.fixture
def csm(db: None) -> Client:
    Csm.objects.create(name="Casey", email="Casey@vendor.example")
    return logged_in(None, Role.CSM, "casey@vendor.example")


@pytest.fixture
def superuser(db: None) -> Client:
    return logged_in(None, Role.SUPERUSER)


@pytest.fixture
def book(district: District, other_district: District, csm: Client, clock: Callable[[str], Any]) -> District:
    """One district in the CSM's book and one in nobody's, each with a line on every list."""
    clock(NOW.isoformat())
    open_school_year(2026)
    District.objects.filter(pk=district.pk).update(csm=Csm.objects.get(email__iexact="casey@vendor.example"))
    for place in (district, other_district):
        fill(place)
    return District.objects.get(pk=district.pk)


def fill(district: District, school_year: int = 2026) -> None:
    for product in suite_named("literacy").products:
        Subscription.objects.get_or_create(
            district=district, product=product.code, defaults={"starts_on": dt.date(2025, 8, 1)}
        )
    facts: dict[str, Any] = {"district": district, "suite": "literacy", "school_year": school_year, "on": JULY_28}
    schedule = ResetSchedule.objects.create(**facts)
    run = ResetRun.objects.create(
        **facts, schedule=schedule, state=RunState.FAILED, actor="system:planner", created_at=NOW
    )
    for position in range(3):
        RunCount.objects.create(run=run, position=position, category="benchmarks", action="Archive", before=0)
    enqueue_job(district, "reset", str(run.pk), due_at=NOW)
    RefusedTask.objects.create(task="a.task", district_id=district.pk, schema_name=district.schema_name, reason="gone")
    append_entry(district.pk, "reset", actor="csm:1", at=NOW, facts={})


def listed(client: Client, address: str) -> set[Any]:
    response = client.get(f"/admin/{address}/")
    assert response.status_code == 200, address
    return set(response.context["cl"].queryset)


@pytest.mark.parametrize("address", [a for a in LISTS if a != "resets/resetwindow"])
def test_a_csm_sees_the_own_book_and_a_superuser_all(
    book: District, csm: Client, superuser: Client, address: str
) -> None:
    own, everything = listed(csm, address), listed(superuser, address)
    assert own
    assert own < everything
    assert {getattr(row, "district_id", row.pk) for row in own} == {book.pk}


@pytest.mark.parametrize("address", [a for a in LISTS if a != "resets/resetwindow"])
def test_anothers_row_cannot_be_opened(book: District, csm: Client, superuser: Client, address: str) -> None:
    for row in listed(superuser, address):
        response = csm.get(f"/admin/{address}/{row.pk}/change/")
        own = getattr(row, "district_id", row.pk) == book.pk
        assert (response.status_code == 200) == own
        assert own or response["Location"] == "/admin/"


@pytest.mark.parametrize("address", SUPERUSERS_LISTS)
def test_staff_is_the_superusers(csm: Client, superuser: Client, address: str) -> None:
    assert superuser.get(f"/admin/{address}/").status_code == 200
    assert csm.get(f"/admin/{address}/").status_code == 403
    assert csm.get(f"/admin/{address}/add/").status_code == 403


def move(client: Client, district: District, **facts: Any) -> Any:
    schedule = ResetSchedule.objects.get(district=district)
    said = {"on": "2026-07-08", "reason": "Asked for by phone", "exception_reason": "", **facts}
    inline = {f"changes-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return client.post(f"/admin/resets/resetschedule/{schedule.pk}/change/", {**said, **inline})


def test_a_date_is_moved_by_the_service(book: District, csm: Client) -> None:
    assert move(csm, book).status_code == 302
    schedule = ResetSchedule.objects.get(district=book)
    assert (schedule.on, schedule.answer) == (dt.date(2026, 7, 8), Answer.CUSTOM)
    change = schedule.changes.get()
    who = User.objects.get(email="casey@vendor.example")
    assert (change.from_on, change.to_on, change.actor, change.reason) == (
        JULY_28,
        dt.date(2026, 7, 8),
        f"csm:{who.pk}",
        "Asked for by phone",
    )
    page = csm.get(f"/admin/resets/resetschedule/{schedule.pk}/change/").content.decode()
    assert "Asked for by phone" in page


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"on": "2026-06-18"}, "The nearest valid date is"),
        ({"on": "2026-08-11"}, "The nearest valid date is"),
        ({"on": ""}, "This field is required"),
        ({"reason": ""}, "This field is required"),
    ],
)
def test_a_refused_date_is_a_forms_error(book: District, csm: Client, facts: dict[str, str], said: str) -> None:
    response = move(csm, book, **facts)
    assert response.status_code == 200
    assert said in response.content.decode()
    schedule = ResetSchedule.objects.get(district=book)
    assert (schedule.on, schedule.changes.count()) == (JULY_28, 0)


def test_a_date_that_has_run_is_for_reading(book: District, csm: Client) -> None:
    facts: dict[str, Any] = {"suite": "literacy", "school_year": 2026, "on": JULY_28, "actor": "x", "created_at": NOW}
    ResetRun.objects.create(district=book, schedule=book.reset_schedules.get(), **facts)
    assert move(csm, book).status_code == 403
    assert ResetSchedule.objects.get(district=book).on == JULY_28


def test_a_failed_run_is_asked_for_again(book: District, csm: Client, clock: Callable[[str], Any]) -> None:
    clock("2026-07-29T15:00Z")
    run = ResetRun.objects.get(district=book)
    chosen = {"action": "ask_again", "_selected_action": [str(run.pk)]}
    page = csm.post("/admin/resets/resetrun/", chosen, follow=True).content.decode()
    assert "another run of literacy is asked for" in page
    assert ResetRun.objects.filter(district=book, state=RunState.QUEUED).count() == 1
    page = csm.post("/admin/resets/resetrun/", chosen, follow=True).content.decode()
    assert "not asked for" in page


NEW = {
    "slug": "oak", "name": "Oak Unified", "nces_id": "", "time_zone": "America/Denver", "school_year": "2026",
    "school_year_ends_on": "2026-06-12", "summer_session_ends_on": "", "rostering_starts_on": "2026-08-10", "csm": "",
}  # fmt: skip


def test_a_new_district_is_provisioned(csm: Client) -> None:
    assert csm.post("/admin/tenants/district/add/", NEW).status_code == 302
    oak = District.objects.get(slug="oak")
    assert oak.csm is not None
    assert oak.csm.email == "Casey@vendor.example"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{oak.schema_name}.rostering_student"])
        assert cursor.fetchone() == (True,)
    assert LedgerEntry.objects.filter(district_id=oak.pk, actor__startswith="csm:").exists()
    assert csm.get(f"/admin/tenants/district/{oak.pk}/change/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "www"),
        ("slug", "Not A Host"),
        ("time_zone", "Mars/Olympus"),
        ("school_year_ends_on", "2025-06-12"),
        ("rostering_starts_on", "2026-06-01"),
        ("nces_id", "12"),
    ],
)
def test_a_wrong_district_is_not_made(superuser: Client, field: str, value: str) -> None:
    response = superuser.post("/admin/tenants/district/add/", {**NEW, field: value})
    assert list(response.context["adminform"].form.errors) == [field]
    assert not District.objects.exists()


def test_a_superuser_makes_a_log_in(superuser: Client) -> None:
    said = {"email": "New@Vendor.example", "name": "New", "role": "csm", "is_active": "on", "new_password": PASSWORD}
    assert superuser.post("/admin/accounts/user/add/", {**said, "new_password": "short"}).status_code == 200
    assert superuser.post("/admin/accounts/user/add/", {**said, "role": "educator"}).status_code == 200
    assert not User.objects.filter(role=Role.CSM).exists()
    assert superuser.post("/admin/accounts/user/add/", said).status_code == 302
    made = User.objects.get(email="new@vendor.example")
    assert made.check_password(PASSWORD)
    changed = {**said, "new_password": "", "name": "Newer"}
    assert superuser.post(f"/admin/accounts/user/{made.pk}/change/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.check_password(PASSWORD)) == ("Newer", True)


def test_records_cannot_be_written(book: District, superuser: Client) -> None:
    for model, page in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
        if isinstance(page, ReadOnly):
            row = model._default_manager.first()
            assert row is not None
            assert superuser.get(f"{address}/add/").status_code == 403
            assert superuser.post(f"{address}/{row.pk}/change/", {}).status_code == 403
            assert superuser.post(f"{address}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


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


def test_the_desk_begins_at_the_admin(csm: Client) -> None:
    assert csm.get("/")["Location"] == "/admin/"
    page = csm.get("/admin/").content.decode()
    assert "Reset dates" in page
    assert "/admin/accounts/user/" not in page


def test_the_first_page_speaks_of_the_own_book(book: District, csm: Client, superuser: Client) -> None:
    for client, districts in ((csm, 1), (superuser, 2)):
        context = client.get("/admin/").context
        numbers = {card["title"]: card["number"] for card in context["cards"]}
        assert numbers == {
            "Another date asked for": 0,
            "No answer yet": districts,
            "Resets that failed": districts,
            "Districts": districts,
        }
        assert len(context["upcoming"]["rows"]) == districts
    assert context["upcoming"]["rows"][0][3:] == ["2025-26", "No answer: the default date"]


@pytest.mark.parametrize("address", LISTS)
def test_each_list_can_be_searched_for_anything(book: District, csm: Client, address: str) -> None:
    for text in ("maple", "12", "%27;--", "00000000-0000-0000-0000-000000000001"):
        assert csm.get(f"/admin/{address}/?q={text}").status_code == 200


def test_a_run_is_found_by_its_number(book: District, csm: Client) -> None:
    run = ResetRun.objects.get(district=book)
    assert listed(csm, "resets/resetrun") == {run}
    assert set(csm.get(f"/admin/resets/resetrun/?q={run.pk}").context["cl"].queryset) == {run}


def test_the_pages_may_load_from_here_only(csm: Client, district: District) -> None:
    at_desk = csm.get("/admin/")
    assert "frame-ancestors 'none'" in at_desk["Content-Security-Policy"]
    page = csm.get("/login/", headers={"host": "maple.localhost"})
    policy = page["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert (page["X-Content-Type-Options"], page["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert page["X-Frame-Options"] == "DENY"
    assert "no-store" in page["Cache-Control"]
    assert csm.get("/nowhere/", headers={"host": "nobody.localhost"})["Content-Security-Policy"] == policy


def test_healthz_on_both_hosts(csm: Client, district: District) -> None:
    for host in ("localhost", "maple.localhost"):
        response = csm.get("/healthz", headers={"host": host})
        assert (response.status_code, response.json()) == (200, {"database": "ok", "broker": "ok"})


def test_healthz_says_what_is_missing(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.health._broker_answers", lambda: False)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"database": "ok", "broker": "unreachable"})
