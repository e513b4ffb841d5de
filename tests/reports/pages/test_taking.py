"""Taking a report along: at once, printed, or prepared by the worker; each written down, each only for its reader."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role, User
from ledger.models import LedgerEntry
from ledger.services import append_entry
from reports.downloads import making, terms
from reports.downloads.models import FileState, PreparedFile
from reports.downloads.preparing import FAILED, file_failed
from reports.downloads.removing import DESTROYED, OVER, remove_with
from reports.formats import FORMATS
from reports.kept import Erased
from reports.mailing.mailed import MailState
from rostering.models import School, TeachingAssignment
from tenants.jobs.registry import kind_named
from tenants.locks import Lock, take_lock
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.correspondence.conftest import mailbox
from tests.correspondence.smtp import Mailbox
from tests.correspondence.test_sending import plain
from tests.reports.pages.conftest import REPORT, text_of
from tests.support.people import logged_in, make_person

__all__ = ["mailbox"]  # fixture
TAKEN = "report_downloaded"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large."""
    monkeypatch.setattr(terms, "STUDENTS_AT_ONCE", dict.fromkeys(terms.STUDENTS_AT_ONCE, 1))


def taken() -> list[dict[str, Any]]:
    with schema_context("public"):
        return list(LedgerEntry.objects.filter(kind=TAKEN).order_by("number").values_list("facts", flat=True))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def do(district: District, kind: str) -> None:
    """Do the open jobs of a kind, as the worker does."""
    with schema_context("public"):
        jobs = list(Job.objects.filter(district=district, kind=kind, state="waiting"))
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(state="running")
    for job in jobs:
        with enter_district(district):
            kind_named(kind).handler(district, job)
        with schema_context("public"):
            Job.objects.filter(pk=job.pk).update(state="done")


def asked(client: Client, form: str = "csv", query: str = "by=student") -> str:
    """Ask for a large file; the address of its page."""
    answer = client.post(f"{REPORT}download/?{query}", {"format": form})
    assert answer.status_code == 302, answer
    return str(answer["Location"])


def test_a_small_table_streams_at_once_and_is_written_down(used: District, admin: Client) -> None:
    answer = admin.post(f"{REPORT}download/?by=student", {"format": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="maple-literacy-usage-usage-2026.csv"'
    entry = LedgerEntry.objects.get(kind=TAKEN)  # before a byte has gone out
    lines = body(answer).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Student,")
    assert len(lines) == 41
    assert entry.actor == "district_admin:1" or entry.actor.startswith("district_admin:")
    assert {name: entry.facts[name] for name in ("report", "format", "grain", "years", "students", "rows")} == {
        "report": "literacy-usage", "format": "csv", "grain": "student", "years": [2026], "students": 40, "rows": 40,
    }  # fmt: skip
    assert "Family" not in repr(entry.facts)


@pytest.mark.parametrize("form", [form.code for form in FORMATS if form.code != "csv"])
def test_every_format_comes_whole(used: District, educator: Client, form: str) -> None:
    answer = educator.post(f"{REPORT}download/", {"format": form})
    magic = {"xlsx": b"PK", "parquet": b"PAR1", "pdf": b"%PDF"}[form]
    assert body(answer).startswith(magic)
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    assert [(facts["format"], facts["students"]) for facts in taken()] == [(form, 20)]


def test_what_is_no_format_or_not_theirs_is_not_there(used: District, educator: Client, admin: Client) -> None:
    assert admin.post(f"{REPORT}download/", {"format": "docx"}).status_code == 404
    assert admin.get(f"{REPORT}download/").status_code == 405
    with enter_district(used):
        other = School.objects.get(name="School 2")
    school_admin = logged_in(used, Role.SCHOOL_ADMIN, "s@a.example", school_id=other.pk - 1)
    assert school_admin.post(f"{REPORT}download/?school={other.pk}", {"format": "csv"}).status_code == 404
    assert taken() == []


def test_a_school_admins_file_never_holds_another_schools_student(used: District, school_admin: Client) -> None:
    text = body(school_admin.post(f"{REPORT}download/?by=student", {"format": "csv"})).decode()
    assert text.count("School 1") == 20
    assert "School 2" not in text
    assert taken()[0]["students"] == 20


def test_for_publication_it_has_no_names(used: District, admin: Client) -> None:
    answer = admin.post(f"{REPORT}download/?for=publication&by=student", {"format": "csv"})
    assert answer["Content-Disposition"].endswith('2026-publication.csv"')
    assert "Family" not in body(answer).decode()
    assert taken()[0]["for_outsiders"] is True


def test_an_entry_waits_for_the_districts_lock_and_the_reader_does_not(
    used: District, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.noting.try_lock", lambda *_: False)  # as while a reset holds it
    assert body(admin.post(f"{REPORT}download/?by=student", {"format": "csv"}))
    assert taken() == []
    do(used, "ledger_entry")
    assert [facts["rows"] for facts in taken()] == [40]


def test_a_page_for_printing_is_written_down(used: District, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = admin.post(f"{REPORT}print/?by=student").content.decode()
    assert text.count('<th scope="row">') == 40
    assert "Maple Unified" in text
    assert "School year 2025\N{EN DASH}26" in text
    assert [(facts["format"], facts["rows"]) for facts in taken()] == [("print", 40)]
    monkeypatch.setattr(terms, "PRINTED_ROWS", 10)
    assert "These are the first 10 rows" in admin.post(f"{REPORT}print/?by=student").content.decode()


@pytest.mark.usefixtures("large")
def test_a_large_one_is_prepared_told_and_fetched(used: District, admin: Client, mailbox: Mailbox) -> None:
    page = asked(admin)
    assert asked(admin) == page  # twice is once
    assert "Being prepared" in text_of(admin, page)
    assert f'hx-get="{page}"' in admin.get(page, headers={"HX-Request": "true"}).content.decode()
    do(used, "prepare_report")
    text = text_of(admin, page)
    assert "40, of 40 students" in text
    assert taken() == []
    do(used, "tell_report")
    do(used, "tell_report")
    assert mailbox.recipients == ["district_admin@a.example"]
    assert f"https://maple.localhost{page}" in plain(mailbox)
    assert not any(part.get_filename() for part in mailbox.taken[0][2].walk())
    lines = body(admin.get(f"{page}download/")).decode("utf-8-sig").splitlines()
    assert len(lines) == 41
    assert [(facts["rows"], facts["students"]) for facts in taken()] == [(40, 40)]
    assert "maple-literacy-usage" not in text_of(admin, "/reports/")
    assert f'href="{page}download/"' in text_of(admin, "/reports/")


def test_one_that_takes_long_to_count_is_large(
    used: District, educator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return 1

    monkeypatch.setattr(making, "students_in_report", slow)
    monkeypatch.setattr(settings, "REPORT_COUNTING_MS", 20)
    assert asked(educator).startswith("/reports/files/")


@pytest.mark.usefixtures("large")
def test_the_rest_of_a_broken_download_is_no_download_of_its_own(used: District, admin: Client) -> None:
    page = asked(admin)
    do(used, "prepare_report")
    whole = body(admin.get(f"{page}download/"))
    for asked_for, entries in (("bytes=10-", 1), ("bytes=0-", 2), ("bytes=-20", 2)):
        answer = admin.get(f"{page}download/", headers={"Range": asked_for})
        body(answer)
        assert len(taken()) == entries, asked_for
    assert whole.startswith(b"\xef\xbb\xbf")


@pytest.mark.usefixtures("large")
def test_a_file_is_for_whoever_asked(used: District, admin: Client, educator: Client) -> None:
    page = asked(admin)
    do(used, "prepare_report")
    second = logged_in(used, Role.DISTRICT_ADMIN, "second@a.example")
    for other in (educator, second):
        assert other.get(page).status_code == 404
        assert other.get(f"{page}download/").status_code == 404
        assert other.post(f"{page}remove/").status_code == 404
        assert page not in text_of(other, "/reports/")


def only_file(district: District) -> PreparedFile:
    with enter_district(district):
        return PreparedFile.objects.get()


def files_on_disk(district: District) -> list[Path]:
    root = Path(settings.MEDIA_ROOT) / str(district.schema_name) / "report-files"
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("change", [{"school_id": 2}, {"role": Role.DISTRICT_ADMIN, "school_id": None}])
def test_it_is_gone_when_role_or_school_has_changed(
    used: District, school_admin: Client, change: dict[str, Any]
) -> None:
    page = asked(school_admin)
    do(used, "prepare_report")
    with enter_district(used):
        User.objects.filter(role=Role.SCHOOL_ADMIN).update(**change)
    answer = school_admin.get(f"{page}download/", follow=True)
    assert "What you may see has changed" in answer.content.decode()
    assert (only_file(used).state, files_on_disk(used), taken()) == (FileState.REMOVED, [], [])


@pytest.mark.usefixtures("large")
def test_it_is_gone_when_a_class_is_not_theirs_any_more(used: District, educator: Client) -> None:
    page = asked(educator)
    do(used, "prepare_report")
    with enter_district(used):
        TeachingAssignment.objects.update(is_active=False)
    assert "What you may see has changed" in educator.get(f"{page}download/", follow=True).content.decode()
    assert files_on_disk(used) == []


@pytest.mark.usefixtures("large")
def test_what_changed_before_it_is_made_is_not_made(used: District, educator: Client) -> None:
    page = asked(educator)
    with enter_district(used):
        User.objects.filter(role=Role.EDUCATOR).update(educator_id=2)
    do(used, "prepare_report")
    assert "What you may see has changed" in text_of(educator, page)
    assert files_on_disk(used) == []


@pytest.mark.usefixtures("large")
def test_it_is_gone_with_a_student_who_is_destroyed(
    used: District, admin: Client, clock: Callable[[str], dt.datetime]
) -> None:
    page = asked(admin)
    do(used, "prepare_report")
    now = clock("2026-06-25T15:00:00+00:00")
    with schema_context("public"):
        take_lock(Lock.DISTRICT, used.pk)
        entry = append_entry(used.pk, "destruction", actor="csm:1", at=now, facts={})
    remove_with(used, Erased(frozenset({1}), "csm:1", now, entry))
    assert DESTROYED in admin.get(f"{page}download/", follow=True).content.decode()
    later = asked(admin)
    do(used, "prepare_report")
    do(used, "remove_reports_with")
    assert body(admin.get(f"{later}download/"))  # read after the destruction: it stays


@pytest.mark.usefixtures("large")
def test_the_worker_removes_what_holds_the_destroyed(used: District, admin: Client, june: dt.datetime) -> None:
    asked(admin)
    do(used, "prepare_report")
    orphan = Path(settings.MEDIA_ROOT) / str(used.schema_name) / "report-files" / str(UUID(int=1)) / "x.csv"
    orphan.parent.mkdir()
    orphan.write_text("of a student who is gone, and the row with them")
    with schema_context("public"):
        take_lock(Lock.DISTRICT, used.pk)
        entry = append_entry(used.pk, "anonymization", actor="csm:1", at=june, facts={})
    remove_with(used, Erased(frozenset({1}), "csm:1", june, entry))
    do(used, "remove_reports_with")
    assert (only_file(used).why, files_on_disk(used)) == (DESTROYED, [])


@pytest.mark.usefixtures("large")
def test_one_that_was_being_written_during_an_erasure_is_gone(
    used: District, admin: Client, june: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked(admin)
    monkeypatch.setattr("reports.downloads.preparing.ledger_end", lambda _: 0)  # as if the entry came after it
    with schema_context("public"):
        take_lock(Lock.DISTRICT, used.pk)
        append_entry(used.pk, "destruction", actor="csm:1", at=june, facts={})
    do(used, "prepare_report")
    assert DESTROYED in text_of(admin, page)
    assert files_on_disk(used) == []


@pytest.mark.usefixtures("large")
def test_after_its_days_it_is_removed(used: District, admin: Client, clock: Callable[[str], dt.datetime]) -> None:
    page = asked(admin)
    do(used, "prepare_report")
    assert only_file(used).kept_until == dt.date(2026, 7, 1)
    with schema_context("public"):
        assert Job.objects.get(kind="remove_report").due_at == dt.datetime(2026, 7, 2, 5, tzinfo=dt.UTC)
    clock("2026-07-02T05:00:00+00:00")
    assert OVER in admin.get(f"{page}download/", follow=True).content.decode()
    do(used, "remove_report")
    assert files_on_disk(used) == []


@pytest.mark.usefixtures("large")
def test_one_may_remove_it_and_a_failure_is_said(used: District, admin: Client) -> None:
    page = asked(admin)
    do(used, "prepare_report")
    assert admin.post(f"{page}remove/")["Location"] == "/reports/"
    assert files_on_disk(used) == []
    failing = asked(admin)
    with schema_context("public"):
        job = Job.objects.get(kind="prepare_report", state="waiting")
    with enter_district(used):
        file_failed(used, job, "psycopg.Error: something internal")
    text = text_of(admin, failing)
    assert FAILED in text
    assert "psycopg" not in text


@pytest.mark.usefixtures("large")
def test_nobody_fills_the_worker(used: District, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "OPEN_AT_MOST", 1)
    asked(admin)
    answer = admin.post(f"{REPORT}download/?by=grade", {"format": "csv"}, follow=True)
    assert "You wait for 1 files already" in answer.content.decode()


@pytest.mark.usefixtures("large")
def test_nobody_is_told_whose_account_is_closed(used: District, admin: Client, mailbox: Mailbox) -> None:
    asked(admin)
    do(used, "prepare_report")
    with enter_district(used):
        User.objects.filter(role=Role.DISTRICT_ADMIN).update(is_active=False)
    do(used, "tell_report")
    assert (mailbox.taken, only_file(used).mail) == ([], MailState.SKIPPED)


def test_a_subscription_is_made_followed_and_ended_on_the_page(used: District, admin: Client) -> None:
    answer = admin.post(f"{REPORT}deliver/?by=grade", {"every": "weekly", "weekday": "5", "hour": "6"}, follow=True)
    assert "Every Friday at 6:00 AM" in answer.content.decode()
    library = text_of(admin, "/reports/")
    assert "Next on Friday, June 26, 2026." in library
    link = library.partition('href="/reports/deliveries/')[2].partition('"')[0]
    assert admin.get(f"/reports/deliveries/{link}")["Location"] == f"{REPORT}?by=grade"
    second = logged_in(used, Role.DISTRICT_ADMIN, "second@a.example")
    assert second.get(f"/reports/deliveries/{link}").status_code == 404
    assert second.post(f"/reports/deliveries/{link}end/").status_code == 404
    assert "It is not sent any more" in admin.post(f"/reports/deliveries/{link}end/", follow=True).content.decode()
    refused = admin.post(f"{REPORT}deliver/", {"every": "before_reset", "days": "4", "hour": "7"}, follow=True)
    assert "Choose how many days before the reset" in refused.content.decode()
    admin.post(f"{REPORT}deliver/", {"every": "before_reset", "days": "7", "hour": "7"})
    assert "Next on Tuesday, July 21, 2026." in text_of(admin, "/reports/")


def test_a_stranger_is_asked_to_log_in_by_the_mails_links(used: District) -> None:
    from tests.support.people import client_at

    person = make_person(used, Role.DISTRICT_ADMIN, "x@a.example")
    assert person.pk
    for address in (f"/reports/deliveries/{UUID(int=1)}/", f"/reports/files/{UUID(int=1)}/"):
        assert client_at(used).get(address)["Location"] == f"/login/?next={address}"
