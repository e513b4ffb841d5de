"""Correspondence at the desk: own book only, what is shown, what may be done, and how often the database is asked."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from correspondence.models import Kind, Letter, LetterState, MailTemplate
from correspondence.occasions import occasion_of, values_of
from correspondence.templates import current_template
from resets.models import Answer, ResetSchedule
from tenants.models import Csm, District, Job
from tests.web.desk import JULY_28, NOW, book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures

LETTERS = "/admin/correspondence/letter/"
UPCOMING = f"{LETTERS}upcoming/"
TEMPLATES = f"{LETTERS}templates/"
EDITOR = f"{TEMPLATES}before_14/"


def letter(district: District, state: str = LetterState.FAILED, **facts: Any) -> Letter:
    occasion = occasion_of(district, "literacy", 2026, Kind.BEFORE_30)
    assert occasion
    values = {
        "district": district, "suite": "literacy", "school_year": 2026, "kind": Kind.BEFORE_30, "recipient_id": 7,
        "recipient_role": "district_admin", "created_at": NOW, "attempts": 1, "answer": "550: refused.",
        "template": current_template(Kind.BEFORE_30), "values": values_of(occasion, NOW.date()), **facts,
    }  # fmt: skip
    return Letter.objects.create(state=state, **values)


def wording(**said: str) -> dict[str, str]:
    return {"subject": "To {{ district }}", "body": "In {{ days }}.", "suite": "literacy", "based_on": "1", **said}


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_list_is_the_own_books(book: District, csm: Client) -> None:
    letter(book)
    other = District.objects.exclude(pk=book.pk).get()
    hidden = letter(other)
    shown = text(csm, LETTERS)
    assert "Maple Unified" in shown
    assert "Cedar Unified" not in shown
    assert "District admin no. 7" in shown
    assert text(csm, f"{LETTERS}?q=maple&state__exact=failed&kind__exact=before_30").count("/change/") >= 1
    text(csm, f"{LETTERS}{hidden.pk}/change/", 404)
    assert csm.post(f"{LETTERS}{hidden.pk}/change/", {"reason": "x"}).status_code == 404
    assert Letter.objects.get(pk=hidden.pk).state == LetterState.FAILED


def test_a_letters_page_shows_what_was_sent_to_whom_by_number(book: District, csm: Client) -> None:
    shown = text(csm, f"{LETTERS}{letter(book).pk}/change/")
    assert "Dear district admin of Maple Unified," in shown
    assert "District admin no. 7" in shown
    assert "550: refused." in shown
    assert "@" not in shown.partition("The letter</h2>")[2].partition("</main>")[0].partition("What was sent")[0]
    for wrong in ("0", "x", "9" * 30):
        text(csm, f"{LETTERS}{wrong}/change/", 404)


@pytest.mark.parametrize("state", [LetterState.FAILED, LetterState.BOUNCED, LetterState.UNKNOWN])
def test_a_person_sends_it_again_with_a_reason(book: District, csm: Client, state: str) -> None:
    one = letter(book, state)
    address = f"{LETTERS}{one.pk}/change/"
    assert csm.post(address, {"reason": " "}).status_code == 400
    assert not Job.objects.filter(kind="letters").exists()
    assert csm.post(address, {"reason": "The mailbox is mended"}).status_code == 302
    assert Letter.objects.get(pk=one.pk).state == LetterState.WAITING
    job = Job.objects.get(kind="letters")
    assert job.payload == {"kind": "before_30", "suite": "literacy", "school_year": 2026, "letter": one.pk}
    shown = text(csm, address)
    assert "The mailbox is mended" in shown
    assert "sent again within a minute" in shown
    csm.post(address, {"reason": "twice"})
    assert Job.objects.filter(kind="letters").count() == 1


def test_who_has_answered_meanwhile_is_not_sent_it_again(book: District, csm: Client) -> None:
    one = letter(book)
    ResetSchedule.objects.update(answer=Answer.AGREED)
    answer = csm.post(f"{LETTERS}{one.pk}/change/", {"reason": "x"}, follow=True)
    assert "The district has answered" in answer.content.decode()
    assert Letter.objects.get(pk=one.pk).state == LetterState.FAILED


@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.WAITING, LetterState.SKIPPED])
def test_what_arrived_has_no_button(book: District, csm: Client, state: str) -> None:
    assert "Send again" not in text(csm, f"{LETTERS}{letter(book, state).pk}/change/")


def test_templates_are_listed_edited_and_kept(book: District, csm: Client) -> None:
    shown = text(csm, TEMPLATES)
    assert all(kind.label in shown for kind in Kind)
    refused = csm.post(EDITOR, wording(body="{{ student }}"))
    assert refused.status_code == 400
    assert "There is no placeholder {{ student }}. Use one of these: {{ district }}" in refused.content.decode()
    assert MailTemplate.objects.filter(kind="before_14").count() == 1
    assert csm.post(EDITOR, wording(do="save")).status_code == 302
    made = MailTemplate.objects.get(kind="before_14", version=2)
    assert made.made_by.startswith("csm:")
    assert "Version 2" in text(csm, EDITOR)
    stale = csm.post(EDITOR, wording(do="save", subject="Mine"))
    assert stale.status_code == 400
    assert "Somebody has saved version 2 meanwhile" in stale.content.decode()
    assert "Please answer" in text(csm, f"{EDITOR}?version=1")
    text(csm, f"{TEMPLATES}nothing/", 404)


def test_the_preview_is_of_a_district_of_the_own_book(book: District, csm: Client) -> None:
    whole = csm.post(EDITOR, wording(do="preview", district="maple")).content.decode()
    assert "To Maple Unified" in whole
    assert "<form" in whole
    part = csm.post(EDITOR, wording(do="preview"), headers={"HX-Request": "true"}).content.decode()
    assert "To Maple Unified" in part
    assert "In 14 days." in part
    assert "<form" not in part
    other = csm.post(EDITOR, wording(do="preview", district="cedar")).content.decode()
    assert "No district of your book is called so" in other
    assert "To Cedar" not in other
    broken = csm.post(EDITOR, wording(do="preview", body="{{ x }}"), headers={"HX-Request": "true"}).content.decode()
    assert "There is no placeholder {{ x }}" in broken
    assert MailTemplate.objects.filter(kind="before_14").count() == 1


def test_a_suite_without_a_date_is_previewed_as_an_example(book: District, csm: Client) -> None:
    for kind in Kind.values:
        answer = csm.post(f"{TEMPLATES}{kind}/", wording(do="preview", suite="hero"))
        assert "dates are examples" in answer.content.decode()


def test_a_test_goes_to_whoever_asks_and_saves_nothing(book: District, csm: Client) -> None:
    answer = csm.post(EDITOR, wording(do="test"))
    assert "a test letter to your own address" in answer.content.decode()
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [(["casey@vendor.example"], "[Test] To Maple Unified")]
    assert MailTemplate.objects.filter(kind="before_14").count() == 1


def test_a_test_without_a_mail_server_says_so(book: District, csm: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    answer = csm.post(EDITOR, wording(do="test"))
    assert answer.status_code == 502
    assert "No test was sent" in answer.content.decode()


def test_what_will_be_sent(book: District, csm: Client, superuser: Client, clock: Callable[[str], Any]) -> None:
    clock("2026-07-08T15:00:00+00:00")
    shown = text(csm, UPCOMING)
    assert "Jul 14, 2026" in shown
    assert "Jul 21, 2026" in shown
    assert "Jul 28, 2026" not in shown
    assert "2 districts are" in shown  # one district, two reminders
    assert "4 districts are" in text(superuser, UPCOMING)
    behind = text(csm, f"{UPCOMING}?on=2026-07-14&kind=before_14&suite=literacy")
    assert "Maple Unified" in behind
    assert "Cedar Unified" not in behind
    for wrong in ("?on=x&kind=before_14", "?on=2026-07-14&kind=x", "?on=2026-07-14&kind=day_80&suite=%00"):
        text(csm, f"{UPCOMING}{wrong}")
    ResetSchedule.objects.update(answer=Answer.AGREED)
    assert "before the reset: data not downloaded" in text(csm, UPCOMING)
    ResetSchedule.objects.update(held_at=NOW)
    assert "Nothing is to be sent" in text(csm, UPCOMING)


def test_the_districts_timeline_tells_of_letters(book: District, csm: Client) -> None:
    letter(book)
    letter(book, LetterState.SENT, recipient_id=8, sent_at=NOW)
    shown = text(csm, f"/admin/resets/resetschedule/timeline/{book.pk}/")
    assert "Letter: 30 days before the reset" in shown
    assert "To 2 district admins: 1 sent, 1 did not arrive or nobody knows" in shown


@pytest.mark.parametrize("page", ["list", "letter", "templates", "editor", "upcoming"])
def test_more_rows_ask_no_more(book: District, csm: Client, clock: Callable[[str], Any], page: str) -> None:
    clock("2026-07-08T15:00:00+00:00")
    one = letter(book)
    text(csm, TEMPLATES)
    one.events.create(at=NOW, actor="csm:99", what="Noted")
    facts = {"subject": "s", "body": "b", "made_at": NOW}
    MailTemplate.objects.create(kind="before_14", version=2, made_by="csm:99", **facts)
    addresses = {
        "list": LETTERS, "letter": f"{LETTERS}{one.pk}/change/", "templates": TEMPLATES, "editor": EDITOR,
        "upcoming": f"{UPCOMING}?on=2026-07-14&kind=before_14&suite=literacy",
    }  # fmt: skip

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            text(csm, addresses[page])
        return len(asked)

    queries()
    few = queries()
    own = Csm.objects.get()
    for number in range(12):
        district = District.objects.create(
            slug=f"d-{number}", name=f"D {number}", schema_name=f"d_{number}", csm=own, school_year=2026,
            school_year_ends_on=dt.date(2026, 6, 1), rostering_starts_on=dt.date(2026, 8, 10),
        )  # fmt: skip
        ResetSchedule.objects.create(district=district, suite="literacy", school_year=2026, on=JULY_28)
        letter(district)
        one.events.create(at=NOW, actor=f"csm:{number}", what="Noted")
        MailTemplate.objects.create(kind="before_14", version=number + 3, made_by=f"csm:{number}", **facts)
    assert queries() == few
    assert few <= 25
