"""The CSM's desk: the own book, dates through the service, and records that nobody edits."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from approvals.services import ask_approval
from correspondence.models import Kind, Letter
from disposal.models import Case
from resets.models import Answer, ResetRun, ResetSchedule, RunState
from sweeps.models import Incident, Sweep
from tenants.desk import ReadOnly
from tenants.models import District
from tests.web.desk import JULY_28, LISTS, NOW, SUPERUSERS_LISTS, book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures


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
        assert own or response.status_code == 404 or response["Location"] == "/admin/"


@pytest.mark.parametrize("address", SUPERUSERS_LISTS)
def test_staff_is_the_superusers(csm: Client, superuser: Client, address: str) -> None:
    assert superuser.get(f"/admin/{address}/").status_code == 200
    assert csm.get(f"/admin/{address}/").status_code == 403
    assert csm.get(f"/admin/{address}/add/").status_code == 403


def test_a_date_is_a_record_that_leads_to_where_it_is_picked(book: District, csm: Client) -> None:
    schedule = ResetSchedule.objects.get(district=book)
    schedule.changes.create(from_on=JULY_28, to_on=JULY_28, answer=Answer.AGREED, actor="district_admin:1", at=NOW)
    pick = f"/admin/resets/resetschedule/{schedule.pk}/date/"
    assert f'href="{pick}"' in csm.get("/admin/resets/resetschedule/").content.decode()
    address = f"/admin/resets/resetschedule/{schedule.pk}/change/"
    page = csm.get(address).content.decode()
    assert f'href="{pick}"' in page
    assert "district_admin:1" in page
    assert csm.post(address, {"on": "2026-07-08"}).status_code == 403


def test_a_failed_run_is_asked_for_again(book: District, csm: Client, clock: Callable[[str], Any]) -> None:
    clock("2026-07-29T15:00Z")
    run = ResetRun.objects.get(district=book)
    chosen = {"action": "ask_again", "_selected_action": [str(run.pk)]}
    page = csm.post("/admin/resets/resetrun/", chosen, follow=True).content.decode()
    assert "another run of literacy is asked for" in page
    assert ResetRun.objects.filter(district=book, state=RunState.QUEUED).count() == 1
    page = csm.post("/admin/resets/resetrun/", chosen, follow=True).content.decode()
    assert "not asked for" in page


def test_records_cannot_be_written(book: District, superuser: Client) -> None:
    Letter.objects.create(
        district=book, suite="literacy", school_year=2026, kind=Kind.BEFORE_30, recipient_id=1,
        recipient_role="district_admin", created_at=NOW,
    )  # fmt: skip
    tried = set()
    for model, page in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
        if isinstance(page, ReadOnly):
            assert superuser.get(f"{address}/add/").status_code == 403
            if (row := model._default_manager.first()) is None:
                continue
            tried.add(model)
            assert superuser.post(f"{address}/{row.pk}/change/", {}).status_code in (400, 403)
            assert superuser.post(f"{address}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert len(tried) >= 6


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
            "With a date": districts, "Another date asked for": 0, "No answer": districts, "With conflicts": 0,
            "Held": 0, "Run failed": districts, "Without a date": 0, "Done": 0,
            "Due soon, data not downloaded": 0, "Waiting for the download": 0,
        }  # fmt: skip
        for card in context["cards"]:
            assert client.get(card["address"]).context.get("matching", 0) == card["number"]
        assert len(context["upcoming"]["rows"]) == districts
    assert context["upcoming"]["rows"][0][3:5] == ["2025-26", "No answer: the default date"]
    assert "Not made" in context["upcoming"]["rows"][0][5]


def test_the_first_page_says_what_waits_for_a_person(book: District, other_district: District, csm: Client) -> None:
    for district in (book, other_district):
        asked: dict[str, Any] = {"actor": "district_admin:1", "reason": "x", "at": NOW}
        ask_approval(district, "restore", subject="x", scope={}, ceiling={"rows": 5}, **asked)
        sweep = Sweep.objects.create(
            district=district, ledger_number=1, what="destruction", asked_at=NOW, people=1, samples=1
        )
        Incident.objects.create(sweep=sweep, district=district, opened_at=NOW)
        for days in (-1, 0, 7, 8):
            Case.objects.create(
                district=district, kind="destruction", scope="student", asked_by="x", asked_at=NOW,
                due_on=NOW.date() + dt.timedelta(days=days),
            )  # fmt: skip
    page = csm.get("/admin/")
    waiting = {each.title: each for each in page.context["waiting"]}
    assert {title: (each.number, each.is_late) for title, each in waiting.items()} == {
        "Approvals to decide": (1, False), "Open incidents": (1, True), "Requests overdue": (1, True),
        "Requests due soon": (2, False),
    }  # fmt: skip
    assert page.content.decode().count(">Late<") == 2
    for each in waiting.values():
        assert csm.get(each.address).status_code == 200
    assert listed(csm, "sweeps/incident") == {Incident.objects.get(district=book)}


@pytest.mark.parametrize("address", LISTS)
def test_each_list_can_be_searched_for_anything(book: District, csm: Client, address: str) -> None:
    for text in ("maple", "12", "%27;--", "00000000-0000-0000-0000-000000000001"):
        assert csm.get(f"/admin/{address}/?q={text}").status_code == 200


def test_a_run_is_found_by_its_number(book: District, csm: Client) -> None:
    run = ResetRun.objects.get(district=book)
    assert listed(csm, "resets/resetrun") == {run}
    assert set(csm.get(f"/admin/resets/resetrun/?q={run.pk}").context["cl"].queryset) == {run}
