"""The tick issues each version once, goes forward only, and says what is true."""

import datetime as dt
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from certificates.checking import check_certificate
from certificates.models import Certificate
from certificates.paper.typeset import as_pdf
from certificates.progress import Progress
from certificates.sealing import as_file, check_file
from certificates.services import issue_due
from ledger.models import LedgerEntry
from ledger.selectors import root_of
from rostering.models import School
from sweeps.models import Incident, Sweep
from tenants.models import District
from tenants.schema import enter_district
from tests.certificates.conftest import JULY_28, Append, close, newest, rewrite_jobs, tick, versions

Clock = Callable[[str], dt.datetime]


def test_each_kind_gets_one_and_others_none(append: Append) -> None:
    numbers = [append(kind) for kind in ("reset", "anonymization", "destruction", "postponed")]
    append("district_removed")
    tick()
    tick()
    assert versions() == [(number, 1, "storage_rewritten") for number in numbers]


def test_stages_follow_the_jobs_and_the_backups(district: District, append: Append, clock: Clock) -> None:
    number = append("reset", rewrite="run 1")
    jobs = rewrite_jobs(district, "run 1", "literacy_avatar", "literacy_playlistassignment")
    rewrite_jobs(district, "run 11", "literacy_reward")  # another run's, still waiting
    tick()
    assert versions() == [(number, 1, "rows_deleted")]
    assert newest().document["method"]["line"] == "Rows deleted"
    close(jobs[0], "done")
    tick()
    assert len(versions()) == 1  # one table is no news
    close(jobs[1], "done")
    clock("2026-07-29T06:00:00+00:00")
    tick()
    assert versions()[1:] == [(number, 2, "storage_rewritten")]
    said = newest().document
    assert (said["method"]["line"], said["backups"]["age_out_after"]) == ("Storage rewritten", "2026-09-02")
    assert said["standing"]["title"] == "Primary copy removed"
    clock("2026-09-03T04:59:00+00:00")  # still September 2 in Chicago
    tick()
    assert len(versions()) == 2
    clock("2026-09-03T05:00:00+00:00")
    tick()
    tick()
    assert versions()[2:] == [(number, 3, "final")]
    first, second, third = Certificate.objects.order_by("version")
    assert (second.supersedes_id, third.supersedes_id) == (first.pk, second.pk)
    assert {each.number for each in (first, second, third)} == {first.number}
    assert "every backup" in third.document["standing"]["title"]
    assert [line["what"] for line in third.document["times"]][1] == "Storage found rewritten"
    assert third.document["times"][1]["utc"] == "2026-07-29T06:00:00Z"


def test_a_rewrite_that_fails_for_good_is_said_and_mended(district: District, append: Append, clock: Clock) -> None:
    append("reset", rewrite="run 1")
    (job,) = rewrite_jobs(district, "run 1", "literacy_avatar")
    tick()
    close(job, "failed")
    tick()
    tick()
    assert [stage for _, _, stage in versions()] == ["rows_deleted", "rows_deleted"]
    assert "1 of 1 tables has failed" in " ".join(newest().document["method"]["paragraphs"])
    clock("2027-01-01T00:00:00+00:00")
    tick()
    assert len(versions()) == 2  # no backup's age makes it final
    (again,) = rewrite_jobs(district, "run 2", "literacy_avatar")
    close(again, "done")
    tick()
    assert versions()[-1][1:] == (3, "storage_rewritten")
    assert newest().document["backups"]["age_out_after"] == "2027-02-04"


def test_a_restore_is_said_also_after_the_final_version(append: Append, clock: Clock, district: District) -> None:
    with enter_district(district):
        school = School.objects.create(name="Elm Street Elementary")
    number = append("reset", schools=[school.pk])
    tick()
    clock("2026-09-03T12:00:00+00:00")
    tick()
    assert versions()[-1] == (number, 2, "final")
    restore = append("restore", suite="literacy", school_year=2026, schools=[school.pk])
    append("restore", suite="math", school_year=2026, schools=[])
    tick()
    tick()
    assert versions()[-1] == (number, 3, "final")
    document = newest().document
    assert [(line["entry"], line["schools"]) for line in document["undone"]] == [(restore, ["Elm Street Elementary"])]
    assert f"undone for Elm Street Elementary by restore, entry {restore}" in document["summary"]
    second = append("reset")
    append("restore", suite="literacy", school_year=2026, schools=[school.pk], whole=True)
    tick()
    assert newest().document["undone"][0]["schools"] == []
    assert [row[:2] for row in versions()] == [(number, 1), (number, 2), (number, 3), (second, 1)]


def test_a_removed_district_keeps_its_names_and_goes_on(append: Append, district: District, clock: Clock) -> None:
    with enter_district(district):
        school = School.objects.create(name="Lincoln Middle School")
    append("reset", schools=[school.pk], rewrite="run 1")
    (job,) = rewrite_jobs(district, "run 1", "literacy_avatar")
    tick()
    append(
        "destruction", suite=None, categories={}, schools=[school.pk], approvers=["csm:4", "superuser:1"], approval="x"
    )
    District.objects.filter(pk=district.pk).update(removed_at=clock("2026-07-30T00:00:00+00:00"))
    close(job, "failed")
    tick()
    assert [row[1:] for row in versions()] == [(1, "rows_deleted"), (2, "storage_rewritten"), (1, "storage_rewritten")]
    document = newest().document
    assert document["schools"] == [{"key": school.pk, "name": "Lincoln Middle School"}]
    assert "whole schema has been dropped" in " ".join(document["method"]["paragraphs"])
    assert "8,662 rows were deleted in 4 tables." in document["summary"]
    assert document["subject"]["products"] == ["Every product that the district had"]
    assert document["approval"]["approvers"] == ["Customer success manager no. 4", "Superuser no. 1"]


def test_the_search_is_waited_for_and_said(district: District, append: Append, clock: Clock) -> None:
    number = append("anonymization", students=3, categories={"literacy.groups": {"before": 4, "anonymized": 4}})
    asked = dt.datetime.fromisoformat(JULY_28)
    sweep = Sweep.objects.create(
        district=district, ledger_number=number, what="anonymization", asked_at=asked, people=3, samples=9
    )
    tick()
    assert newest().document["search"]["words"].startswith("A search for identifiers follows")
    assert newest().document["categories"][0]["name"] == "Imagine Learning Literacy suite: Groups"
    clock("2026-10-01T00:00:00+00:00")
    tick()
    assert versions() == [(number, 1, "storage_rewritten")]  # no backup's age makes it final without the search
    Sweep.objects.filter(pk=sweep.pk).update(finished_at=asked, hits={"literacy_note.text": 2}, columns=210, rows=5000)
    incident = Incident.objects.create(sweep=sweep, district=district, opened_at=asked)
    tick()
    assert versions()[1:] == [(number, 2, "storage_rewritten")]
    assert "found in literacy_note.text (2); an incident is open" in newest().document["search"]["words"]
    Incident.objects.filter(pk=incident.pk).update(closed_at=asked)
    tick()
    assert versions()[2:] == [(number, 3, "final")]
    assert "closed the incident" in newest().document["search"]["words"]


def test_a_clean_search_is_a_stage(district: District, append: Append) -> None:
    number = append("destruction", suite=None, scope="student", categories={"student": {"before": 9, "deleted": 9}})
    asked = dt.datetime.fromisoformat(JULY_28)
    Sweep.objects.create(
        district=district, ledger_number=number, what="destruction", asked_at=asked, finished_at=asked, people=1,
        samples=4, columns=210, rows=5000, keys=7, files=3,
    )  # fmt: skip
    tick()
    assert versions() == [(number, 1, "searched")]
    document = newest().document
    assert document["search"]["words"].endswith("4 identifying values of 1 student. Nothing was found.")
    assert [line["searched"] for line in document["search"]["lines"]] == [210, 5000, 7, 3]
    assert "It concerned 1 student." in document["summary"]
    assert check_certificate(as_pdf(newest())).is_right


def test_a_postponed_rule_is_a_deletion_or_an_anonymization(append: Append) -> None:
    append("postponed", categories={"avatars": {"before": 3, "deleted": 3}})
    tick()
    assert newest().document["not_restorable"] == ["Avatars and their accessories: 3 rows deleted"]
    append("postponed", categories={"progress": {"before": 3, "anonymized": 3}})
    tick()
    assert newest().document["not_restorable"][0].startswith("The link between the data and the students")


def test_one_that_cannot_be_issued_does_not_hold_up_the_others(append: Append) -> None:
    append("reset", categories={"benchmarks": "nonsense"})
    good = append("anonymization")
    tick()
    assert [row[0] for row in versions()] == [good]


def test_two_ticks_and_a_crash_issue_it_once(append: Append) -> None:
    append("reset")
    entry, nothing_left = LedgerEntry.objects.get(kind="reset"), Progress(0, 0, 0, False, ())
    with patch("certificates.services.sign_document", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        tick()
    assert versions() == []
    assert issue_due(entry.pk, nothing_left, entry.at)
    with patch("certificates.services.newest_version", return_value=None), pytest.raises(IntegrityError):
        issue_due(entry.pk, nothing_left, entry.at)  # the other tick had not seen it
    assert issue_due(entry.pk, nothing_left, entry.at) is None
    assert len(versions()) == 1


def test_nothing_is_ever_edited_or_goes_back(append: Append) -> None:
    append("reset")
    tick()
    row = Certificate.objects.get()
    for wrong in (
        lambda: Certificate.objects.update(stage="final"),
        lambda: Certificate.objects.all().delete(),
        lambda: _follow(row, stage="rows_deleted"),
        lambda: _follow(row, version=3),
        lambda: _follow(row, supersedes=None),
        lambda: _follow(row, number="0000-0000-0000"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()
    _follow(row)
    assert [each[1:] for each in versions()] == [(1, "storage_rewritten"), (2, "storage_rewritten")]


def _follow(row: Certificate, **facts: object) -> None:
    values = {field.attname: getattr(row, field.attname) for field in Certificate._meta.concrete_fields}
    del values["id"], values["supersedes_id"]
    Certificate.objects.create(**{**values, "version": 2, "supersedes": row, **facts})


def test_the_document_is_signed_and_holds_counts_and_words(append: Append) -> None:
    append("reset", exclusions=[{"hold": 7, "scope": "school", "ground": "litigation", "rows": 12, "students": 3}])
    tick()
    document = newest().document
    assert check_file(as_file(newest())).is_right
    line = next(line for line in document["categories"] if line["code"] == "benchmarks")
    assert (line["action"], line["because"], line["archived"]) == ("Archived", "Benchmark data is archived", 7109)
    assert document["exclusions"][0]["ground"] == "Litigation"
    assert document["not_restorable"][0] == "Avatars and their accessories: 6,034 rows deleted"
    assert "neither Clear nor Purge nor Destroy" in document["method"]["paragraphs"][0]
    assert document["ledger"]["root"] == root_of(newest().district_id, newest().ledger_number)
    assert document["times"][0]["local"] == "Jul 28, 2026, 2:05 AM CDT"
