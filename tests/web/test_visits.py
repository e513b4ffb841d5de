"""A support visit from the desk to the district: who may ask for it, what it shows, and how often it asks."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, SupportVisit
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import client_at, logged_in, visiting
from tests.web.desk import book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures
ASKED = {"reason": "Dates look wrong", "minutes": "10", "case": "4711"}


def page_of(district: District) -> str:
    return reverse("admin:resets_visit", args=[district.pk], urlconf="config.urls_public")


def test_a_csm_visits_a_district_of_the_own_book(book: District, csm: Client) -> None:
    assert "names of students included" in csm.get(page_of(book)).content.decode()
    answer = csm.post(page_of(book), ASKED)
    found = re.search(r'href="http://maple\.localhost(/visit/[^/"]+/)"', answer.content.decode())
    assert found, answer.content.decode()
    visitor = client_at(book)
    assert visitor.get(found[1])["Location"] == "/"
    assert "read-only, until 10:10 AM" in visitor.get("/").content.decode()
    with enter_district(book):
        visit = SupportVisit.objects.get()
    assert (visit.reason, visit.case, visit.minutes, visit.name) == (
        "Dates look wrong", "4711", 10, "A customer success manager",
    )  # fmt: skip


def test_nobody_visits_anothers_book(book: District, other_district: District, csm: Client, superuser: Client) -> None:
    for client, status in ((csm, 404), (superuser, 200)):
        assert client.get(page_of(other_district)).status_code == status
        assert client.post(page_of(other_district), ASKED).status_code == status
    with enter_district(other_district):
        assert SupportVisit.objects.count() == 1


def test_a_removed_district_has_no_door(book: District, csm: Client, clock: Any) -> None:
    District.objects.filter(pk=book.pk).update(removed_at=clock("2026-06-21T00:00+00:00"))
    assert csm.post(page_of(book), ASKED).status_code == 404


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "  "}, {"minutes": "600"}, {"reason": "x" * 301}])
def test_what_is_wrong_is_told_and_nothing_is_asked(book: District, csm: Client, wrong: dict[str, str]) -> None:
    assert csm.post(page_of(book), {**ASKED, **wrong}).status_code == 400
    with enter_district(book):
        assert not SupportVisit.objects.exists()


def test_ways_lead_there(book: District, csm: Client) -> None:
    for address in ("/admin/resets/resetschedule/board/", f"/admin/resets/resetschedule/timeline/{book.pk}/"):
        assert page_of(book) in csm.get(address).content.decode(), address
    assert (
        f"/admin/tenants/district/{book.pk}/visit"
        in csm.get(f"/admin/tenants/district/{book.pk}/change/").content.decode()
    )
    assert csm.get(f"/admin/tenants/district/{book.pk}/visit", follow=True).redirect_chain[-1][0] == page_of(book)


def test_a_visitor_sees_what_an_admin_sees_and_no_form(rostered: District, june: object) -> None:
    visitor, seen, todo = visiting(rostered), set(), ["/"]
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = visitor.get(address)
        assert answer.status_code in (200, 302), address
        text = answer.content.decode()
        assert set(re.findall(r'<form method="post"[^>]*', text)) <= {'<form method="post" action="/visit/end/"'}, (
            address
        )
        assert "read-only, until" in text or answer.status_code == 302, address
        todo += [answer["Location"]] if answer.status_code == 302 else []
        todo += [html.unescape(link) for link in re.findall(r'<a [^>]*href="(/[^"#]*)', text) if len(seen) < 60]
    assert {"/", "/rosters/", "/resets/", "/people/students/"} <= {address.partition("?")[0] for address in seen}


def test_the_list_asks_no_more_for_many_visits(rostered: District) -> None:
    admin = logged_in(rostered, Role.DISTRICT_ADMIN)

    def queries(address: str, count: int) -> int:
        for _ in range(count):
            visiting(rostered)
        with enter_district(rostered):
            SupportVisit.objects.update(ended_at="2026-06-24T15:00:00Z", ended_by="district_admin:1")
        admin.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert admin.get(address).status_code == 200
        return len(asked)

    for address in ("/visits/", "/"):
        assert queries(address, 1) == queries(address, 30), address
    assert "Earlier visits" in admin.get("/visits/").content.decode()
    older = re.search(r'href="(\?before=\d+)"', admin.get("/visits/").content.decode())
    assert older
    assert admin.get(f"/visits/{older[1]}").content.decode().count("<h2") == 25
