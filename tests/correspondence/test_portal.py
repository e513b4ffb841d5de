"""Letters to you: an admin's own, with their text, and nobody else's."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from correspondence.models import Kind, Letter, LetterState
from tenants.models import District
from tenants.schema import enter_district
from tests.correspondence.smtp import Mailbox
from tests.support.people import client_at, logged_in


def as_ada(district: District) -> Client:
    client = client_at(district)
    with enter_district(district):
        client.force_login(User.objects.get(email="ada@maple.example"))
    return client


def test_an_admin_sees_the_own_letters(
    dated: District, mailbox: Mailbox, tick: Callable[[str], list[str]], clock: Callable[[str], Any]
) -> None:
    ada = as_ada(dated)
    clock("2026-07-14T10:00:00+00:00")
    assert "No letter has been sent to you yet" in ada.get("/letters/").content.decode()
    mailbox.rcpt["bob@maple.example"] = ["550 no"]
    tick("2026-07-14T15:00:00+00:00")
    shown = ada.get("/letters/").content.decode()
    assert shown.count("<section") == 1
    assert "Jul 14, 2026, 10:00 AM" in shown
    assert "Dear district admin of Maple Unified," in shown
    new = logged_in(dated, Role.DISTRICT_ADMIN, "new@maple.example")
    assert "No letter has been sent to you yet" in new.get("/letters/").content.decode()
    assert logged_in(dated, Role.SCHOOL_ADMIN).get("/letters/").status_code == 403


def test_one_that_came_back_says_so(dated: District, mailbox: Mailbox, tick: Callable[[str], list[str]]) -> None:
    ada = as_ada(dated)
    tick("2026-07-14T15:00:00+00:00")
    Letter.objects.update(state=LetterState.BOUNCED)
    assert "Came back: your mailbox did not take it" in ada.get("/letters/").content.decode()
    assert "There are no earlier letters" in ada.get("/letters/?before=1").content.decode()


def test_more_letters_ask_no_more(dated: District, mailbox: Mailbox, tick: Callable[[str], list[str]]) -> None:
    ada = as_ada(dated)
    tick("2026-07-14T15:00:00+00:00")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert ada.get("/letters/").status_code == 200
        return len(asked)

    queries()
    few = queries()
    first = Letter.objects.order_by("pk")[0]
    for year in range(2010, 2040):
        Letter.objects.create(
            district=dated, suite="literacy", school_year=year, kind=Kind.DAY_80, recipient_id=first.recipient_id,
            recipient_role=first.recipient_role, state=LetterState.SENT, created_at=first.created_at,
            sent_at=first.sent_at, template=first.template, values=first.values,
        )  # fmt: skip
    assert queries() == few
    page = ada.get("/letters/").content.decode()
    assert page.count("<section") == 20
    assert "Earlier letters" in page
