"""Letters about requests: due soon, overdue, done; each once, and none that nobody needs any more."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Role
from correspondence import tasks
from correspondence.due import due_letters
from correspondence.models import Letter
from correspondence.occasions import occasion_of
from disposal.models import Case
from tenants.models import District
from tests.correspondence.conftest import letters
from tests.correspondence.smtp import Mailbox
from tests.correspondence.test_due import at_eight
from tests.support.people import logged_in

DUE = dt.date(2026, 3, 20)
Tick = Callable[[str], list[str]]


@pytest.fixture
def case(dated: District) -> Case:
    return make_case(dated)


def make_case(district: District, **facts: Any) -> Case:
    said = {"kind": "destruction", "scope": "student", "asked_by": "district_admin:1", "due_on": DUE, **facts}
    return Case.objects.create(district=district, asked_at=at_eight(DUE - dt.timedelta(days=30)), **said)


def text_of(mailbox: Mailbox) -> str:
    message = mailbox.taken[-1][2]
    return f"{message['Subject']}\n{message.get_body(('plain',)).get_content()}"


def test_it_is_told_before_it_is_due_when_it_is_late_and_when_it_is_done(
    dated: District, case: Case, mailbox: Mailbox, tick: Tick
) -> None:
    assert tick((at_eight(DUE) - dt.timedelta(days=8)).isoformat()) == []
    assert tick((at_eight(DUE) - dt.timedelta(days=7)).isoformat()) == [f"request_soon-{case.pk}"]
    said = text_of(mailbox)
    assert "is due on Friday, March 20, 2026" in said
    assert "in 7 days" in said
    assert "destruction of one student's data" in said
    assert "has to approve it" in said
    assert tick(at_eight(DUE).isoformat()) == []
    assert tick((at_eight(DUE) + dt.timedelta(days=1)).isoformat()) == [f"request_late-{case.pk}"]
    assert "overdue since" in text_of(mailbox)
    assert tick((at_eight(DUE) + dt.timedelta(days=2)).isoformat()) == []
    done_at = at_eight(DUE) + dt.timedelta(days=2)
    Case.objects.update(state="done", done_at=done_at)
    assert tick((done_at + dt.timedelta(minutes=1)).isoformat()) == [f"request_done-{case.pk}"]
    assert "is done; it was due on" in text_of(mailbox)
    assert len(mailbox.taken) == 6
    assert {(kind, state) for (kind, _), state in letters(dated).items()} == {
        ("request_soon", "sent"), ("request_late", "sent"), ("request_done", "sent"),
    }  # fmt: skip


def test_several_requests_have_their_own_letters_and_a_settled_one_has_none(
    dated: District, case: Case, mailbox: Mailbox, tick: Tick
) -> None:
    other = make_case(dated, kind="export", scope="district", state="approved")
    make_case(dated, state="refused")
    make_case(dated, state="withdrawn")
    make_case(dated, due_on=DUE - dt.timedelta(days=60))  # told weeks ago, or never: not now
    keys = tick((at_eight(DUE) - dt.timedelta(days=7)).isoformat())
    assert set(keys) == {f"request_soon-{one.pk}" for one in (case, other)}
    assert Letter.objects.exclude(about=None).count() == 4


def test_what_is_settled_before_it_is_sent_is_not_sent(
    dated: District, case: Case, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, tick: Tick
) -> None:
    write = tasks.write_letters

    def settle(*given: Any) -> Any:
        Case.objects.update(state="refused")
        return write(*given)

    monkeypatch.setattr(tasks, "write_letters", settle)
    Case.objects.exclude(pk=case.pk).delete()
    tick((at_eight(DUE) - dt.timedelta(days=7)).isoformat())
    assert mailbox.taken == []


def test_the_desk_shows_them(dated: District, case: Case, mailbox: Mailbox, tick: Tick) -> None:
    tick((at_eight(DUE) - dt.timedelta(days=9)).isoformat())
    casey = logged_in(None, Role.CSM, "casey@vendor.example")
    shown = text(casey, "/admin/correspondence/letter/upcoming/")
    assert "A request is due soon" in shown
    tick((at_eight(DUE) - dt.timedelta(days=7)).isoformat())
    assert "Requests for export and destruction" in text(casey, "/admin/correspondence/letter/")
    letter = Letter.objects.exclude(about=None)[0]
    assert "destruction of one student" in text(casey, f"/admin/correspondence/letter/{letter.pk}/change/")
    assert "Letter: A request is due soon" in text(casey, f"/admin/resets/resetschedule/timeline/{dated.pk}/")


def test_a_job_of_a_request_that_is_gone_does_nothing(dated: District) -> None:
    assert occasion_of(dated, "disposal", 2026, "request_soon", uuid4()) is None
    assert due_letters(at_eight(DUE)) == []


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()
