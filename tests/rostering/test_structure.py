"""Packages and CSV: what is no proper file, with row and column; what is, reads as Python's csv module reads it."""

import csv
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from rostering.errors import SuspectStructureError
from rostering.models import School, Student, Sync, SyncError, SyncState
from rostering.oneroster.columns import Column, Kind
from rostering.oneroster.findings import Findings
from rostering.oneroster.header import Header
from rostering.oneroster.judging import judgement
from rostering.oneroster.meanings import grade, meaning
from rostering.oneroster.quoting import guarded_blocks
from rostering.oneroster.scan import proper_rows
from rostering.oneroster.specs import BY_NAME
from rostering.services import errors_as_csv
from tests.rostering.bundles import small_bundle
from tests.rostering.conftest import Import

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
TABLE = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8)


def _header() -> Header:
    spec = BY_NAME["orgs"]
    return Header(spec, "1.2", spec.columns[:3])


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    return out.getvalue().encode()


@given(TABLE)
def test_the_slow_reader_reads_what_python_reads(rows: list[list[str]]) -> None:
    data = _written(rows)
    if any("\r" in cell for row in rows for cell in row):
        return
    found = Findings(Sync(), strict=True)
    read = [row.fields for row in proper_rows(io.BytesIO(data), _header(), found)]
    assert (read, found.errors) == (rows, 0)


@given(TABLE)
def test_the_guard_lets_proper_quoting_through(rows: list[list[str]]) -> None:
    data = _written(rows)
    if b"\\." not in data:
        assert b"".join(guarded_blocks(io.BytesIO(data))) == data


@pytest.mark.parametrize("line", ['bad"quote,x,y', '"open,x,y', '"a"b,x,y', 'a,"b" ,c', '"a""b"c,x,y'])
def test_the_guard_stops_at_stray_quotes(line: str) -> None:
    with pytest.raises(SuspectStructureError):
        list(guarded_blocks(io.BytesIO(f"a,b,c\n1,2,3\n{line}\n4,5,6\n".encode())))


def test_the_guard_reads_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _written([['x"y\nz', "a,b", ""], ["", '"', "plain"]] * 40)
    for size in (1, 2, 3, 7, 50):
        monkeypatch.setattr("rostering.oneroster.quoting.BLOCK", size)
        assert b"".join(guarded_blocks(io.BytesIO(data))) == data


def test_every_structural_error_is_listed_with_row_and_column(load: Import) -> None:
    bundle = small_bundle()
    head, *lines = bundle.text("orgs").splitlines()
    bad = ['o1,,,na"me,school,,', "o2,,,short", 'o3,,,"open,school,,', "o4,,,\udcff,school,,", "o5,,,x,school,,,more"]
    text = "\n".join([head, *bad, *lines])
    bundle.raw["orgs.csv"] = text.encode("utf-8", "surrogateescape")
    sync = load(bundle)
    assert sync.state == SyncState.REFUSED
    listed = SyncError.objects.filter(file="orgs.csv").values_list("row", "column", "code")
    assert sorted(listed) == [
        (2, "name", "csv.unescaped_quote"),
        (3, "", "csv.wrong_field_count"),
        (4, "name", "csv.unterminated_quote"),
        (5, "name", "csv.invalid_utf8"),
        (6, "", "csv.wrong_field_count"),
    ]


def test_a_byte_order_mark_and_windows_lines_are_fine(load: Import) -> None:
    bundle = small_bundle()
    for file in list(bundle.rows):
        bundle.raw[f"{file}.csv"] = b"\xef\xbb\xbf" + bundle.text(file).replace("\n", "\r\n").encode()
    sync = load(bundle, strict=True)
    assert (sync.state, sync.warnings) == (SyncState.APPLIED, [])


def test_row_numbers_count_as_a_spreadsheet_does(load: Import) -> None:
    bundle = small_bundle()
    bundle.of("orgs", "sch1")["name"] = "two\nlines"
    bundle.of("orgs", "sch2")["type"] = "palace"
    load(bundle)
    error = SyncError.objects.get(column="type")
    assert (error.row, error.value) == (4, "palace")
    bundle.of("orgs", "sch2")["type"] = "school"
    load(bundle)
    assert School.objects.get(sourced_id="sch1").name == "two\nlines"


def _parsed(column: Column, value: str) -> tuple[str | None, Any]:
    query = sql.SQL(
        "SELECT CASE WHEN code IS NULL OR starts_with(code, 'value.') THEN {meaning}::text END, code FROM"
        " (SELECT *, {judged} AS code FROM (SELECT {value}::text AS {name}) AS s OFFSET 0) AS s"
    )
    parts = {
        "meaning": meaning(column),
        "judged": judgement(column, "bulk", "1.2"),
        "name": sql.Identifier(column.name),
        "value": sql.Literal(value),
    }
    with connection.cursor() as cursor:
        cursor.execute(query.format(**parts))
        read, code = cursor.fetchone()
    return read, code


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dates())
def test_dates_mean_what_they_say(day: Any) -> None:
    column = Column("beginDate", Kind.DATE)
    assert _parsed(column, day.isoformat()) == (day.isoformat(), None)
    for text in (f"{day.month}/{day.day}/{day.year:04}", f"{day.day:02}/{day.month:02}/{day.year:04}"):
        read, code = _parsed(column, text)
        certain = day.day > 12 or day.day == day.month
        assert (read, code) == ((day.isoformat(), "value.slashes") if certain else (None, "row.ambiguous_date"))


@pytest.mark.django_db
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12), st.sampled_from(Kind))
def test_no_text_makes_a_check_fail(text: str, kind: Kind) -> None:
    column = Column("beginDate", kind, words=("a", "b"), kept=True)
    _parsed(column, text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given_grade", "usual"),
    [("5", "05"), ("05", "05"), ("K", "KG"), ("KG", "KG"), ("PK", "PK"), ("TK", "TK"), ("12", "12"), ("13", "UG"),
     ("ug", "UG"), (" 3", "03"), ("Fifth", ""), ("", "")],
)  # fmt: skip
def test_grades(given_grade: str, usual: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(grade(sql.Literal(given_grade))))
        assert cursor.fetchone()[0] == usual


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_one_inner_folder_is_a_habit(load: Import, tmp_path: Path) -> None:
    path = small_bundle().write(tmp_path, inner="export/")
    assert load(path, strict=True).state == SyncState.REFUSED
    sync = load(path)
    assert (sync.state, sync.warnings[0]["code"]) == (SyncState.APPLIED, "package.inner_folder")


def test_a_folder_is_a_bundle(load: Import, tmp_path: Path) -> None:
    assert load(small_bundle().write_folder(tmp_path / "roster")).state == SyncState.APPLIED
    assert load(small_bundle()).state == SyncState.UNCHANGED


@pytest.mark.parametrize("name", ["../users.csv", "/users.csv", "a\\users.csv", "C:users.csv"])
def test_a_member_whose_name_leads_elsewhere_is_refused(load: Import, tmp_path: Path, name: str) -> None:
    sync = load(_zip(tmp_path / "b.zip", {"manifest.csv": b"", name: b"x"}))
    assert sync.state == SyncState.REFUSED
    assert SyncError.objects.get().code == "package.unsafe_member"


def test_a_zip_that_is_none_is_refused(load: Import, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(os.urandom(500))
    assert load(tmp_path / "b.zip").state == SyncState.REFUSED
    assert SyncError.objects.get().code == "package.unreadable"


def test_limits_on_what_is_unpacked(load: Import, tmp_path: Path, settings: Any) -> None:
    settings.ROSTER_MAX_UNPACKED_BYTES = 1000
    assert load(_zip(tmp_path / "b.zip", {"users.csv": b"x" * 2000})).state == SyncState.REFUSED
    assert SyncError.objects.get().code == "package.too_large"


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        ("propertyName,value\noneroster.version,2.0\n", "manifest.version_unknown"),
        ("propertyName,value\n", "manifest.version_unknown"),
        ("hello\n", "manifest.invalid"),
    ],
)
def test_a_manifest_that_cannot_be_understood(load: Import, manifest: str, code: str) -> None:
    bundle = small_bundle()
    bundle.manifest = manifest
    assert load(bundle).state == SyncState.REFUSED
    assert code in set(SyncError.objects.values_list("code", flat=True))


def test_a_file_that_was_announced_and_is_not_there(load: Import) -> None:
    bundle = small_bundle()
    bundle.modes["results"] = "bulk"
    assert load(bundle).state == SyncState.REFUSED
    assert SyncError.objects.get().code == "manifest.file_missing"


def test_errors_open_in_a_spreadsheet_safely(load: Import) -> None:
    bundle = small_bundle()
    bundle.of("orgs", "sch1")["type"] = "=cmd()"
    sync = load(bundle)
    header, *lines = list(csv.reader(errors_as_csv(sync.pk)))
    assert header[:4] == ["file", "row", "column", "code"]
    assert ["orgs.csv", "3", "type", "row.invalid_value", "'=cmd()"] in [line[:5] for line in lines]
    assert Student.objects.count() == 0
