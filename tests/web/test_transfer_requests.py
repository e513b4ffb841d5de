"""Requesting data: the e-mail's text, sending it from here, and what becomes of it."""

import datetime as dt
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from accounts.models import Role
from ledger.models import LedgerEntry
from rostering.models import School
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.people import logged_in
from tests.transfers.engine.world import make_school
from tests.web.test_transfer_giving import text
from transfers.imports.models import DataRequest, RequestState
from transfers.requesting.services import NotTakenYetError, erase_request, fail_request, send_request
from transfers.requesting.views import BY_PERSON

PAGE = "/people/transfers/request/"
MAIL = f"{PAGE}mail/"
SAID = {
    "recipient": "old@school.example",
    "previous": "Lincoln District",
    "kind": "student",
    "whom": "Ana Hill, grade 3",
}


@pytest.fixture(autouse=True)
def _no_mails_yet() -> None:
    cache.clear()


@pytest.fixture
def admin(district: District, june: dt.datetime) -> Client:
    return logged_in(district, Role.DISTRICT_ADMIN, "dana@a.example")


@pytest.fixture
def asked(district: District, admin: Client) -> DataRequest:
    """A request that waits."""
    admin.post(MAIL, {**SAID, "send": "1"})
    with enter_district(district):
        return DataRequest.objects.get()


class Answering(EmailBackend):
    """A mail server that answers with an error."""

    error: Exception = OSError()

    def send_messages(self, messages: Any) -> int:
        raise self.error


def answer_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(Answering, "error", error)
    monkeypatch.setattr("transfers.requesting.services.get_connection", Answering)


def send(district: District, asked: DataRequest, at: dt.datetime) -> DataRequest:
    with enter_district(district):
        send_request(asked.pk, at=at)
        asked.refresh_from_db()
    return asked


def test_the_template_marks_what_to_change_by_more_than_colour(admin: Client) -> None:
    page = text(admin.get(PAGE))
    assert '<mark class="change">[the student&#x27;s full name and grade, or: all students of grade ...]</mark>' in page
    assert '<mark class="change">[the name of your school or district]</mark>' in page
    assert "Generate Transfer Code" in page
    assert "select the Transfer Student Data tab" in page
    assert "dana@a.example" in page


def test_nothing_is_sent_before_the_preview(district: District, admin: Client) -> None:
    preview = text(admin.post(MAIL, SAID))
    assert "of the student Ana Hill, grade 3, who came to us from Lincoln District." in preview
    assert "Nothing is sent yet." in preview
    with enter_district(district):
        assert not DataRequest.objects.exists()
    changed = admin.post(MAIL, {**SAID, "change": "1"})
    assert 'value="Ana Hill, grade 3"' in text(changed)


def test_it_is_sent_by_a_job_that_knows_a_key_only(
    district: District, admin: Client, asked: DataRequest, june: dt.datetime
) -> None:
    jobs = {job.kind: job for job in Job.objects.filter(kind__startswith="transfer_request")}
    assert {kind: job.payload for kind, job in jobs.items()} == {
        "transfer_request": {"request": str(asked.pk)}, "transfer_request_erase": {"request": str(asked.pk)}
    }  # fmt: skip
    assert jobs["transfer_request_erase"].due_at == june + dt.timedelta(days=30)
    assert "Waiting to be sent" in text(admin.get(PAGE))
    assert send(district, asked, june).state == RequestState.SENT
    [message] = mail.outbox
    assert (message.to, message.reply_to) == (["old@school.example"], ["dana@a.example"])
    assert "Ana Hill, grade 3" in message.body
    assert "Ana" not in message.subject
    page = text(admin.get(PAGE))
    assert "old@school.example" in page
    assert "The mail server took it." in page
    entry = LedgerEntry.objects.get(kind="data_requested")
    assert entry.facts == {"request": str(asked.pk), "kind": "student"}
    send(district, asked, june)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no x")}), RequestState.FAILED, "refused it (550)"),
        (smtplib.SMTPDataError(554, b"no"), RequestState.FAILED, "check the address"),
        (smtplib.SMTPNotSupportedError(), RequestState.FAILED, "cannot deliver to such an address"),
        (ConnectionResetError(), RequestState.UNKNOWN, "nobody knows"),
        (smtplib.SMTPResponseException(-1, b"?"), RequestState.UNKNOWN, "nobody knows"),
    ],
)
def test_what_the_server_says_is_shown(
    district: District, admin: Client, asked: DataRequest, june: dt.datetime, monkeypatch: pytest.MonkeyPatch,
    error: Exception, state: RequestState, words: str,
) -> None:  # fmt: skip
    answer_with(monkeypatch, error)
    assert send(district, asked, june).state == state
    assert words in asked.answer
    assert state.label in text(admin.get(PAGE))


def test_later_is_tried_again_until_it_is_given_up(
    district: District, asked: DataRequest, june: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, smtplib.SMTPDataError(451, b"later"))
    for _ in range(2):
        with pytest.raises(NotTakenYetError):
            send(district, asked, june)
    with enter_district(district):
        asked.refresh_from_db()
        assert asked.state == RequestState.WAITING
        fail_request(asked.pk, at=june)
        asked.refresh_from_db()
    assert asked.state == RequestState.FAILED


def test_a_server_that_cannot_be_reached_has_taken_nothing(
    district: District, asked: DataRequest, june: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answering, "open", lambda self: (_ for _ in ()).throw(ConnectionRefusedError()))
    monkeypatch.setattr("transfers.requesting.services.get_connection", Answering)
    with pytest.raises(NotTakenYetError):
        send(district, asked, june)
    with enter_district(district):
        asked.refresh_from_db()
    assert asked.state == RequestState.WAITING


def test_a_worker_that_died_in_the_middle_does_not_send_twice(
    district: District, asked: DataRequest, june: dt.datetime
) -> None:
    with enter_district(district):
        DataRequest.objects.update(state=RequestState.SENDING)
    assert send(district, asked, june).state == RequestState.UNKNOWN
    assert mail.outbox == []


def test_after_30_days_it_is_destroyed(district: District, asked: DataRequest, june: dt.datetime) -> None:
    with enter_district(district):
        for _ in range(2):
            erase_request(district, asked.pk, at=june)
        assert not DataRequest.objects.exists()
    rewrites = Job.objects.filter(kind="rewrite_storage").values_list("payload__table", flat=True)
    assert list(rewrites) == ["transfer_imports_datarequest"]


def test_so_many_an_hour_and_no_more(district: District, admin: Client, asked: DataRequest) -> None:
    for _ in range(BY_PERSON - 1):
        admin.post(MAIL, {**SAID, "send": "1"})
    assert "which is as many as may be sent from here" in text(admin.post(MAIL, {**SAID, "send": "1"}, follow=True))
    with enter_district(district):
        assert DataRequest.objects.count() == BY_PERSON


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"recipient": "nobody"}, "Enter a valid email address."),
        ({"recipient": "a@b.example\nBcc: c@d.example"}, "Enter a valid email address."),
        ({"whom": ""}, "specific grade."),
        ({"whom": "https://bad.example/x"}, "without a link"),
        ({"previous": "see evil.com"}, "without a link"),
        ({"kind": "everybody"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    district: District, admin: Client, wrong: dict[str, str], words: str
) -> None:
    answer = admin.post(MAIL, {**SAID, **wrong, "send": "1"})
    assert (answer.status_code, words in text(answer)) == (400, True)
    with enter_district(district):
        assert not DataRequest.objects.exists()


def test_a_school_admin_asks_for_the_own_school_and_sees_its_requests(
    district: District, admin: Client, asked: DataRequest
) -> None:
    key = make_school(district, "Adams")
    client = logged_in(district, Role.SCHOOL_ADMIN, school_id=key)
    assert "old@school.example" not in text(client.get(PAGE))
    client.post(MAIL, {**SAID, "kind": "grade", "whom": "grade 5", "send": "1"})
    with enter_district(district):
        own = DataRequest.objects.get(school_id=School.objects.get(pk=key).pk)
    assert "I work at Adams, Maple Unified. We would like" in own.body
    assert "of all students of grade 5, who came" in own.body
    assert "old@school.example" in text(client.get(PAGE))
