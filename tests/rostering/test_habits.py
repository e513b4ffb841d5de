"""What real feeds do: the default accepts it with a counted warning, strict refuses what the specification refuses."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from rostering.models import AcademicSession, Enrollment, Student, StudentIdentity, Sync, SyncError, SyncState
from tests.rostering.bundles import BundleBuilder, add_student, small_bundle
from tests.rostering.conftest import Import


@dataclass(frozen=True)
class Habit:
    """A known habit: how it looks, the warning's code, and whether the specification refuses it."""

    name: str
    code: str
    apply: Callable[[BundleBuilder], None]
    refused: bool = True
    version: str = "1.2"
    count: int | None = None


def _set(file: str, column: str, value: str, which: int = 0) -> Callable[[BundleBuilder], None]:
    def apply(bundle: BundleBuilder) -> None:
        bundle.rows[file][which][column] = value

    return apply


def _everywhere(file: str, column: str, value: str) -> Callable[[BundleBuilder], None]:
    def apply(bundle: BundleBuilder) -> None:
        for row in bundle.rows[file]:
            row[column] = value

    return apply


def _rename(file: str, old: str, new: str) -> Callable[[BundleBuilder], None]:
    def apply(bundle: BundleBuilder) -> None:
        bundle.raw[f"{file}.csv"] = bundle.text(file).replace(old, new, 1).encode()

    return apply


def _reorder(bundle: BundleBuilder) -> None:
    bundle.headers["orgs"] = list(reversed(bundle.header("orgs")))


def _trailing(bundle: BundleBuilder) -> None:
    lines = bundle.text("orgs").splitlines()
    bundle.raw["orgs.csv"] = "\n".join(line + ",," for line in lines).encode()


def _long_rows(bundle: BundleBuilder) -> None:
    head, *lines = bundle.text("orgs").splitlines()
    bundle.raw["orgs.csv"] = "\n".join([head, *(line + ",," for line in lines)]).encode()


def _blank_lines(bundle: BundleBuilder) -> None:
    bundle.raw["orgs.csv"] = bundle.text("orgs").replace("\n", "\n\n").encode()


def _no_courses(bundle: BundleBuilder) -> None:
    del bundle.rows["courses"]


def _extra(bundle: BundleBuilder) -> None:
    bundle.headers["users"] = [*bundle.header("users"), "ext_bus"]


def _inner(bundle: BundleBuilder) -> None:
    bundle.raw["__MACOSX/._users.csv"] = b"junk"


def _file_case(bundle: BundleBuilder) -> None:
    bundle.raw["Users.csv"] = bundle.text("users").encode()
    bundle.modes["users"] = "bulk"
    del bundle.rows["users"]


HABITS = (
    Habit("status in bulk", "row.field_not_allowed_in_bulk", _everywhere("users", "status", "active"), count=6),
    Habit("date in bulk", "row.field_not_allowed_in_bulk", _set("orgs", "dateLastModified", "2025-09-01"), count=1),
    Habit("Scheduled", "value.word_form", _set("classes", "classType", "Scheduled"), count=1),
    Habit("TRUE", "value.boolean_form", _everywhere("users", "enabledUser", "TRUE"), count=6),
    Habit("1 for true", "value.boolean_form", _set("enrollments", "primary", "1")),
    Habit("month first", "value.slashes", _set("enrollments", "beginDate", "8/25/2025", 2)),
    Habit("day first", "value.slashes", _set("enrollments", "beginDate", "25/08/2025", 2)),
    Habit("year range", "value.year_range", _everywhere("academicSessions", "schoolYear", "2025-2026"), count=2),
    Habit("short range", "value.year_range", _everywhere("academicSessions", "schoolYear", "2025-26")),
    Habit("header order", "header.order", _reorder),
    Habit("header case", "header.other_spelling", _rename("users", "givenName", "GivenName")),
    Habit("misspelt date", "header.other_spelling", _rename("users", "dateLastModified", "dataLastModified")),
    Habit("misspelt name", "header.other_spelling", _rename("users", "preferredGivenName", "prefferedGivenName")),
    Habit("1.0 names", "header.other_spelling", _rename("enrollments", "userSourcedId", "userId"), version="1.1"),
    Habit("1.0 grade", "header.other_spelling", _rename("users", "grades", "grade"), version="1.1"),
    Habit("empty headers", "header.empty", _trailing),
    Habit("trailing empty fields", "csv.trailing_fields", _long_rows, count=3),
    Habit("blank lines", "csv.blank_line", _blank_lines, count=4),
    Habit("ext columns", "header.unknown_column", _extra),
    Habit("courses absent", "package.courses_absent", _no_courses),
    Habit("parent elsewhere", "reference.unknown_target", _set("orgs", "parentSourcedId", "nowhere", 1)),
    Habit("term elsewhere", "reference.unknown_target", _set("classes", "termSourcedIds", "nowhere")),
    Habit("agent elsewhere", "reference.unknown_target", _set("users", "agentSourcedIds", "nowhere,nobody", 2)),
    Habit("Mac's leftovers", "package.extra_file", _inner, refused=False),
    Habit("another file name", "package.file_name_case", _file_case),
    Habit("5 for 05", "value.grade_form", _everywhere("users", "grades", "5"), refused=False),
    Habit("K for KG", "value.grade_form", _everywhere("users", "grades", "K"), refused=False),
    Habit("strange grade", "value.grade_unknown", _set("users", "grades", "Fifth", 3), refused=False),
    Habit("passwords", "value.password", _set("users", "password", "hunter2", 2), refused=False, count=1),
    Habit("M for male", "value.word_form", _set("demographics", "sex", "M")),
)


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.name)
def test_by_default_a_habit_is_a_counted_warning(load: Import, habit: Habit) -> None:
    bundle = small_bundle(habit.version)
    habit.apply(bundle)
    sync = load(bundle)
    assert (sync.state, list(SyncError.objects.values_list("code", "column"))) == (SyncState.APPLIED, [])
    counts = {warning["code"]: warning["count"] for warning in sync.warnings}
    assert habit.code in counts
    if habit.count is not None:
        assert counts[habit.code] == habit.count
    assert Student.objects.count() == 4
    assert Enrollment.objects.count() == 4


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.name)
def test_strict_refuses_what_the_specification_refuses(load: Import, habit: Habit) -> None:
    bundle = small_bundle(habit.version)
    habit.apply(bundle)
    sync = load(bundle, strict=True)
    if not habit.refused:
        assert sync.state == SyncState.APPLIED
        return
    assert sync.state == SyncState.REFUSED
    expected = {habit.code, "reference.missing_target_record", "package.missing_file"}
    assert expected & set(SyncError.objects.values_list("code", flat=True))
    assert Student.objects.count() == 0


def test_strict_accepts_a_proper_bundle_without_a_warning(load: Import) -> None:
    for version in ("1.1", "1.2"):
        sync = load(small_bundle(version), strict=True)
        assert (sync.state, sync.warnings) in ((SyncState.APPLIED, []), (SyncState.UNCHANGED, []))


def test_habits_mean_what_they_say(load: Import) -> None:
    bundle = small_bundle("1.1")
    bundle.of("users", "s1")["grades"] = "5"
    bundle.of("users", "s2")["grades"] = "tk"
    bundle.of("users", "s3")["grades"] = ""
    bundle.of("enrollments", "e-s1")["beginDate"] = "8/25/2025"
    bundle.of("enrollments", "e-s2")["beginDate"] = "25/8/2025"
    bundle.of("enrollments", "e-s2")["primary"] = "FALSE"
    for row in bundle.rows["academicSessions"]:
        row["schoolYear"] = "2025/26"
    assert load(bundle).state == SyncState.APPLIED
    grades = dict(Student.objects.values_list("identity__sourced_id", "grade"))
    assert grades == {"s1": "05", "s2": "TK", "s3": "", "s4": "05"}
    assert set(Enrollment.objects.filter(sourced_id__in=["e-s1", "e-s2"]).values_list("starts_on", flat=True)) == {
        dt.date(2025, 8, 25)
    }
    assert Enrollment.objects.get(sourced_id="e-s2").is_primary is False
    assert set(AcademicSession.objects.values_list("school_year", flat=True)) == {2026}


REFUSED: tuple[tuple[str, str, str, str], ...] = (
    ("enrollments", "beginDate", "03/04/2025", "row.ambiguous_date"),
    ("enrollments", "beginDate", "2025-02-30", "row.invalid_date"),
    ("enrollments", "beginDate", "13/13/2025", "row.invalid_date"),
    ("enrollments", "beginDate", "Aug 4", "row.invalid_date"),
    ("enrollments", "primary", "maybe", "row.invalid_boolean"),
    ("enrollments", "role", "boss", "row.invalid_value"),
    ("users", "identifier", "1.2E+05", "row.spreadsheet_number"),
    ("users", "sourcedId", "1.2E+05", "row.spreadsheet_number"),
    ("users", "sourcedId", "a b", "row.invalid_identifier"),
    ("users", "givenName", "", "row.field_required"),
    ("users", "givenName", "x" * 256, "row.too_long"),
    ("academicSessions", "schoolYear", "2025-2027", "row.invalid_year"),
    ("academicSessions", "schoolYear", "soon", "row.invalid_year"),
    ("classes", "schoolSourcedId", "d1", "reference.not_a_school"),
    ("classes", "schoolSourcedId", "nowhere", "reference.missing_target_record"),
)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(("file", "column", "value", "code"), REFUSED)
def test_what_cannot_be_understood_is_refused(
    load: Import, *, file: str, column: str, value: str, code: str, strict: bool
) -> None:
    if strict and "/" in value:
        code = "row.ambiguous_date" if "03" in value else code
    bundle = small_bundle()
    bundle.rows[file][-1][column] = value
    sync = load(bundle, strict=strict)
    assert sync.state == SyncState.REFUSED
    error = SyncError.objects.get(code=code, file=f"{file}.csv", column=column)
    assert error.row == len(bundle.rows[file]) + 1
    assert Student.objects.count() == 0


def test_a_header_only_file_removes_nobody(load: Import) -> None:
    load(small_bundle())
    bundle = small_bundle()
    for file in bundle.rows:
        bundle.rows[file] = []
    sync = load(bundle)
    assert sync.state == SyncState.APPLIED
    assert Student.objects.filter(status="active").count() == 4
    assert Enrollment.objects.filter(is_active=True).count() == 4


def test_students_who_share_a_name_stay_apart(load: Import) -> None:
    bundle = small_bundle()
    add_student(bundle, 5, "sch1", givenName="Given1", familyName="Family1")
    load(bundle)
    assert StudentIdentity.objects.filter(given_name="Given1").count() == 2


def test_leading_zeros_that_a_spreadsheet_ate_are_refused(load: Import) -> None:
    bundle = small_bundle(students=0)
    add_student(bundle, 7, "sch1", sourcedId="000777")
    load(bundle)
    eaten = small_bundle(students=0)
    add_student(eaten, 7, "sch1", sourcedId="777", identifier="N9")
    sync = load(eaten)
    assert sync.state == SyncState.REFUSED
    assert SyncError.objects.get().code == "row.leading_zeros_lost"


def test_a_password_is_kept_nowhere(load: Import) -> None:
    bundle = small_bundle("1.1")
    bundle.of("users", "s1")["password"] = "=cmd|pass,word"
    bundle.of("users", "s2")["sourcedId"] = "not allowed"
    sync = load(bundle)
    told = json.dumps([list(SyncError.objects.values()), list(Sync.objects.values()), sync.warnings], default=str)
    assert "pass,word" not in told
    assert "not allowed" not in told


def test_every_error_is_listed(load: Import, entered: Any) -> None:
    bundle = small_bundle(students=30)
    for row in bundle.rows["users"]:
        row["givenName"] = ""
    for row in bundle.rows["enrollments"]:
        row["beginDate"] = "nonsense"
    sync = load(bundle)
    assert sync.error_count == SyncError.objects.count() == 32 + 32
    rows = SyncError.objects.filter(file="users.csv").values_list("row", flat=True)
    assert sorted(rows) == list(range(2, 34))
