"""Product data from files: loaded whole or not at all, every error with its row and how to mend it."""

import csv
import datetime as dt
import gzip
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger.models import LedgerEntry
from products.loader import LoadResult, NotLoadableError, load_product_data
from products.partitions import live_years
from rostering.models import (
    AcademicSession,
    Educator,
    EducatorIdentity,
    ReturnWindow,
    School,
    Student,
    StudentIdentity,
)
from tests.products.facts import fetch

TODAY = dt.date(2026, 3, 1)
HEADER = "event_id,student_id,product,occurred_on,minutes,sessions"
EVENT = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture
def people(entered: Any) -> dict[str, int]:
    """Two students at Elm, one whose Student ID two share, one without a school, a second school, an educator."""
    elm, oak = (School.objects.create(sourced_id=name, name=name) for name in ("elm", "oak"))
    ids = {"elm": elm.pk, "oak": oak.pk}
    for name, number, school in (
        ("ana", "00123", elm),
        ("ben", "00456", elm),
        ("cam", "77", elm),
        ("dot", "77", oak),
        ("eve", "88", None),
    ):
        student = Student.objects.create(school=school, grade="03", school_year=2026, rostered_on=TODAY)
        StudentIdentity.objects.create(
            student=student, sourced_id=f"s-{name}", student_number=number, given_name=name, family_name="X"
        )
        ids[name] = student.pk
    educator = Educator.objects.create()
    EducatorIdentity.objects.create(educator=educator, sourced_id="t-1", given_name="T", family_name="T")
    ids["teacher"] = educator.pk
    AcademicSession.objects.create(
        sourced_id="y26", title="2025-26", kind="schoolYear", school_year=2026,
        starts_on=dt.date(2025, 8, 15), ends_on=dt.date(2026, 6, 12),
    )  # fmt: skip
    return ids


@pytest.fixture
def load(people: dict[str, int], tmp_path: Path) -> Any:
    def run(
        text: str, category: str = "usage", suite: str = "literacy", name: str = "f.csv", **more: Any
    ) -> LoadResult:
        path = tmp_path / name
        data = text.encode() if isinstance(text, str) else text
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return load_product_data(suite, category, path, actor="tests", as_of=TODAY, **more)

    return run


def usage() -> list[tuple[Any, ...]]:
    return fetch(
        "SELECT id::text, school_year, school_id, student_id, product, occurred_on, minutes, sessions"
        " FROM {schema}.literacy_usage ORDER BY id"
    )


def codes(result: LoadResult) -> list[tuple[int | None, str, str]]:
    return [(error.row, error.column, error.code) for error in result.errors]


def test_a_csv_is_loaded_with_the_students_school_and_the_days_school_year(load: Any, people: Any) -> None:
    result = load(f"{HEADER}\n{EVENT},00123,reading,2025-10-01,30,2\n")
    assert (result.state, result.read, result.created, result.error_count) == ("applied", 1, 1, 0)
    assert usage() == [(EVENT, 2026, people["elm"], people["ana"], "reading", dt.date(2025, 10, 1), 30, 2)]
    entry = LedgerEntry.objects.get(kind="product_data_loaded")
    assert entry.facts == {"suite": "literacy", "category": "usage", "created": 1, "updated": 0, "unchanged": 0}


def test_the_same_file_again_rewrites_nothing_and_a_correction_corrects(load: Any) -> None:
    text = f"{HEADER}\nev-1,00123,reading,2025-10-01,30,2\nev-2,00456,reading,2025-10-02,10,1\n"
    assert load(text).created == 2
    before = fetch("SELECT ctid::text, xmin::text FROM {schema}.literacy_usage ORDER BY id")
    again = load(text)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert fetch("SELECT ctid::text, xmin::text FROM {schema}.literacy_usage ORDER BY id") == before
    third = load(text.replace(",10,1", ",15,1") + "ev-3,00456,reading,2025-10-03,10,1\n")
    assert (third.created, third.updated, third.unchanged) == (1, 1, 1)
    assert LedgerEntry.objects.filter(kind="product_data_loaded").count() == 2


def test_ids_that_are_no_uuid_are_the_same_uuid_each_time_and_apart_by_product(load: Any) -> None:
    text = f"{HEADER}\nev-1,00123,reading,2025-10-01,30,2\nev-1,00123,lectura,2025-10-01,30,2\n"
    assert load(text).created == 2
    assert load(text).unchanged == 2
    expected = uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, "yearturn:literacy:reading"), "ev-1")
    assert str(expected) in {row[0] for row in usage()}


@pytest.mark.parametrize("name", ["f.ndjson", "f.jsonl", "f.ndjson.gz"])
def test_ndjson_is_loaded_the_same(load: Any, people: Any, name: str) -> None:
    row = {
        "event_id": EVENT, "student_sourced_id": "s-ana", "school_sourced_id": "oak", "product": "reading",
        "occurred_on": "2025-10-01", "minutes": 30, "sessions": 2,
    }  # fmt: skip
    assert load(json.dumps(row) + "\n\n", name=name).created == 1
    assert usage()[0][2:4] == (people["oak"], people["ana"])


def test_gzip_bom_and_crlf_are_understood(load: Any) -> None:
    text = "\ufeff" + HEADER + "\r\n" + f"{EVENT},00123,reading,2025-10-01,30,2\r\n"
    assert load(text, name="f.csv.gz").created == 1


def test_a_dry_run_counts_and_changes_nothing(load: Any) -> None:
    result = load(f"{HEADER}\n{EVENT},00123,reading,2025-10-01,30,2\n", dry_run=True)
    assert (result.state, result.created) == ("checked", 1)
    assert usage() == []
    assert not LedgerEntry.objects.filter(kind="product_data_loaded").exists()


def test_every_error_is_listed_and_nothing_is_written(load: Any) -> None:
    rows = [
        f"{EVENT},00123,reading,2025-10-01,30,2",
        ",00123,reading,2025-10-01,30,2",
        "e3,99,reading,2025-10-01,30,2",
        "e4,77,reading,2025-10-01,30,2",
        "e5,88,reading,2025-10-01,30,2",
        "e6,,reading,2025-10-01,30,2",
        "e7,00123,hero,2025-10-01,30,2",
        "e8,00123,reading,10/01/2025,30,2",
        "e9,00123,reading,2025-02-30,30,2",
        "e10,00123,reading,2025-10-01,many,2",
        "e11,00123,reading,2025-10-01,-1,2",
        "e12,00123,reading,2025-10-01,99999,2",
        "e13,00123,reading,,30,2",
        "e14,00123,reading,2026-03-02,30,2",
        "e15,00123,reading,2025-10-01,30",
        "e16,00123,reading,2025-10-01,30,2",
        "e16,00123,reading,2025-10-01,31,2",
    ]
    result = load("\n".join([HEADER, *rows]) + "\n")
    assert result.state == "refused"
    assert codes(result) == [
        (3, "event_id", "missing_value"),
        (4, "student_id", "unknown_student"),
        (5, "student_id", "ambiguous_student"),
        (6, "school_sourced_id", "no_school"),
        (7, "student_id", "missing_student"),
        (8, "product", "unknown_product"),
        (9, "occurred_on", "bad_value"),
        (10, "occurred_on", "bad_value"),
        (11, "minutes", "bad_value"),
        (12, "minutes", "bad_value"),
        (13, "minutes", "bad_value"),
        (14, "occurred_on", "missing_value"),
        (15, "occurred_on", "future_date"),
        (16, "", "row_length"),
        (17, "event_id", "repeated_event"),
        (18, "event_id", "repeated_event"),
    ]
    assert usage() == []
    assert all(error.message.endswith(".") for error in result.errors)
    by_row = {error.row: error for error in result.errors}
    assert by_row[9].value == "10/01/2025"
    assert by_row[4].value == "", "a Student ID is personal: it is not shown"
    assert "language_literacy, espanol, reading, lectura" in by_row[8].message


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("event_id,student_id,occurred_on,minutes,sessions\n", "missing_column", "product"),
        ("event_id,product,occurred_on,minutes,sessions\n", "missing_column", "student_id or student_sourced_id"),
        (HEADER + ",hours\n", "unknown_column", "hours"),
        (HEADER + ",minutes\n", "repeated_column", "minutes"),
    ],
)
def test_a_wrong_header_refuses_the_file(load: Any, text: str, code: str, column: str) -> None:
    (error,) = load(text).errors
    assert (error.row, error.code, error.column) == (1, code, column)
    assert column in error.message


def test_unreadable_and_empty_files_are_refused(load: Any) -> None:
    assert load(HEADER + "\n").errors[0].code == "empty_file"
    assert load(b"\xff\xfe" + HEADER.encode()).errors[0].code == "unreadable"
    assert load("not json\n", name="f.ndjson").errors[0].code == "unreadable"
    assert load("[1]\n", name="f.ndjson").errors[0].code == "unreadable"
    assert load(f'{HEADER}\n"e1,00123\n').errors[0].code == "unreadable"
    assert load(f"{HEADER}\ne\x00v,00123,reading,2025-10-01,30,2\n").errors[0].code == "bad_text"


def test_rows_of_a_year_that_was_archived_are_refused_with_the_reason(load: Any) -> None:
    with connection.cursor() as cursor:
        schema = connection.schema_name
        cursor.execute(f"ALTER TABLE {schema}.literacy_usage DETACH PARTITION {schema}.literacy_usage_2026")
        cursor.execute(
            f"ALTER TABLE {schema}.literacy_usagearchive ATTACH PARTITION {schema}.literacy_usage_2026"
            " FOR VALUES IN (2026)"
        )
    ReturnWindow.objects.create(
        suite="literacy", school_year=2026, reset_on=dt.date(2026, 2, 1), until=dt.date(2026, 5, 1)
    )
    (error,) = load(f"{HEADER}\n{EVENT},00123,reading,2025-10-01,30,2\n").errors
    assert (error.code, error.column) == ("year_archived", "occurred_on")
    assert error.message.startswith("School year 2026 of usage was archived on 2026-02-01.")


def test_a_year_that_was_deleted_stays_deleted_and_history_before_any_reset_is_made_room_for(load: Any) -> None:
    old = f"{HEADER},school_year\n{EVENT},00123,reading,2019-10-01,30,2,2020\n"
    assert load(old).created == 1
    assert 2020 in live_years("literacy_usage")
    ReturnWindow.objects.create(
        suite="literacy", school_year=2025, reset_on=dt.date(2025, 7, 28), until=dt.date(2025, 10, 26)
    )
    refused = load(old.replace("2019-10-01", "2018-10-01").replace(",2020", ",2019"))
    assert [error.code for error in refused.errors] == ["year_deleted"]
    assert "by the reset on 2025-07-28" in refused.errors[0].message
    far = load(old.replace(",2020", ",2044"))
    assert [error.code for error in far.errors] == ["year_too_far"]


def test_columns_follow_the_map_educators_choices_and_free_text(load: Any, people: Any) -> None:
    text = (
        "event_id,student_id,occurred_on,code,action,recorded_by_sourced_id,note\n"
        'h1,00123,2025-10-01,TARDY,,t-1,"came late, again"\nh2,00123,2025-10-01,TARDY,Warning,,\n'
    )
    assert load(text, "tracking", "hero").created == 2
    assert fetch(
        "SELECT recorded_by_id, note, action, product FROM {schema}.hero_trackingevent ORDER BY note DESC"
    ) == [
        (people["teacher"], "came late, again", "", "hero"),
        (None, "", "Warning", "hero"),
    ]
    header = "event_id,student_id,occurred_on,code,recorded_by_sourced_id,note"
    wrong = load(f"{header}\nh3,00123,2025-10-01,{'X' * 41},t-9,{'n' * 256}\n", "tracking", "hero")
    assert codes(wrong) == [
        (2, "code", "too_long"),
        (2, "note", "too_long"),
        (2, "recorded_by_sourced_id", "unknown_educator"),
    ]
    assert {error.column: error.value for error in wrong.errors}["note"] == ""
    choice = load("event_id,student_id,occurred_on,window,score,level\nb1,00123,2025-10-01,SUMMER,1,x\n", "benchmarks")
    assert codes(choice) == [(2, "window", "unknown_choice")]
    header = "event_id,student_id,occurred_on,quiz_number,title,percent_correct,points_earned"
    decimal = header + "\nq,00123,2025-10-01,1,T,90,{}\n"
    assert load(decimal.format("12.5"), "quizzes", "renaissance").created == 1
    assert codes(load(decimal.format("NaN"), "quizzes", "renaissance")) == [(2, "points_earned", "bad_value")]
    passed = "event_id,student_id,product,occurred_on,lesson,passed,attempts\np,00123,reading,2025-10-01,L1,{},1\n"
    assert load(passed.format("false"), "progress").created == 1
    assert fetch("SELECT passed FROM {schema}.literacy_progress") == [(False,)]
    assert codes(load(passed.format("no way"), "progress")) == [(2, "passed", "bad_value")]


def test_groups_have_no_student_and_members_lead_to_them(load: Any, people: Any) -> None:
    groups = "event_id,school_sourced_id,school_year,product,educator_sourced_id,name\ng-1,elm,2026,reading,t-1,Blue\n"
    assert load(groups, "groups").created == 1
    members = "event_id,student_id,product,occurred_on,group_id\nm-1,00123,reading,2025-10-01,g-1\n"
    assert load(members, "groups/groupmember").created == 1
    joined = fetch(
        "SELECT g.name FROM {schema}.literacy_group g JOIN {schema}.literacy_groupmember m ON m.group_id = g.id"
    )
    assert joined == [("Blue",)]
    assert codes(load(groups.replace("elm", "ash"), "groups")) == [(2, "school_sourced_id", "unknown_school")]


def test_what_cannot_be_loaded_is_said(load: Any) -> None:
    with pytest.raises(NotLoadableError, match="Organizations"):
        load(HEADER, "organizations")
    with pytest.raises(LookupError, match="it has: "):
        load(HEADER, "nothing")
    with pytest.raises(LookupError, match="groups/groupmember"):
        load(HEADER, "groups/people")


def test_the_command(people: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: Any) -> None:
    clock("2026-03-01T12:00+00:00")
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"{HEADER}\n{EVENT},00123,reading,2025-10-01,30,2\n")
    bad.write_text(HEADER + "\n" + "".join(f"=e{n},00123,reading,=1+1,30,2\n" for n in range(25)))
    connection.set_schema_to_public()
    call_command("load_product_data", "maple", "literacy", "usage", str(good), json=True)
    assert json.loads(capsys.readouterr().out)["created"] == 1
    with pytest.raises(CommandError, match="refused: 25 errors; nothing was changed"):
        call_command("load_product_data", "maple", "literacy", "usage", str(bad), errors_csv=tmp_path / "e.csv")
    assert "row 2 occurred_on '=1+1': The value is not a date." in capsys.readouterr().out
    listed = list(csv.DictReader((tmp_path / "e.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(listed) == 25
    assert listed[0]["value"] == "'=1+1", "a spreadsheet must not compute it"
    for arguments, words in (
        (("nowhere", "literacy", "usage"), "no district nowhere"),
        (("maple", "poetry", "usage"), "no suite 'poetry'"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("load_product_data", *arguments, str(good))
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_product_data", "maple", "literacy", "usage", str(tmp_path / "none.csv"))
