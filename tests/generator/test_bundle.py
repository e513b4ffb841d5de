"""The made-up rosters: the same seed gives the same bytes, and a district looks like one."""

import csv
import io
import itertools
import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from products.generator.bundle import write_bundle
from products.generator.families import families
from products.generator.plan import Plan
from rostering.oneroster.specs import files_of

PLAN = Plan(students=1500, seed=5, school_year=2026, name="Test District", slug="test")


def rows(path: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as bundle, bundle.open(f"{name}.csv") as member:
        return list(csv.DictReader(io.TextIOWrapper(member, "utf-8", newline="")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundles")


@pytest.fixture(scope="module")
def this_year(folder: Path) -> Path:
    return write_bundle(PLAN, folder / "this.zip")


@pytest.fixture(scope="module")
def next_year(folder: Path) -> Path:
    return write_bundle(PLAN, folder / "next.zip", years_on=1)


def students(path: Path) -> dict[str, dict[str, str]]:
    return {row["identifier"]: row for row in rows(path, "users") if row["grades"]}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(this_year: Path, tmp_path: Path) -> None:
    again = write_bundle(PLAN, tmp_path / "again.zip")
    assert again.read_bytes() == this_year.read_bytes()
    other = write_bundle(Plan(1500, 6, 2026, PLAN.name, PLAN.slug), tmp_path / "other.zip")
    assert other.read_bytes() != this_year.read_bytes()
    assert not set(students(other)) & {""}


def test_the_manifest_tells_every_file_of_the_binding(this_year: Path) -> None:
    manifest = {row["propertyName"]: row["value"] for row in rows(this_year, "manifest")}
    present = {name.removesuffix(".csv") for name in zipfile.ZipFile(this_year).namelist()} - {"manifest"}
    for spec in files_of("1.2"):
        assert manifest[f"file.{spec.name}"] == ("bulk" if spec.name in present else "absent")


def test_references_are_complete_and_ids_unique(this_year: Path) -> None:
    users, orgs = rows(this_year, "users"), {row["sourcedId"] for row in rows(this_year, "orgs")}
    people = {row["sourcedId"] for row in users}
    classes = {row["sourcedId"]: row for row in rows(this_year, "classes")}
    courses = {row["sourcedId"] for row in rows(this_year, "courses")}
    assert len(people) == len(users)
    assert len({row["username"] for row in users}) == len(users)
    assert {row["courseSourcedId"] for row in classes.values()} <= courses
    for row in users:
        assert {*filter(None, row["agentSourcedIds"].split(","))} <= people
    enrollments = rows(this_year, "enrollments")
    assert len({row["sourcedId"] for row in enrollments}) == len(enrollments)
    for row in enrollments:
        assert row["userSourcedId"] in people
        assert classes[row["classSourcedId"]]["schoolSourcedId"] == row["schoolSourcedId"]
    for name in ("roles", "demographics"):
        found = rows(this_year, name)
        assert len({row["sourcedId"] for row in found}) == len(found)
    assert {row["orgSourcedId"] for row in rows(this_year, "roles")} <= orgs
    assert {row["sourcedId"] for row in users} == {row["userSourcedId"] for row in rows(this_year, "roles")}


def test_exactly_the_wanted_number_of_students_in_believable_grades(this_year: Path) -> None:
    found = students(this_year)
    assert len(found) == 1500
    grades = Counter(row["grades"] for row in found.values())
    assert set(grades) == {"PK", "KG", *(f"{grade:02}" for grade in range(1, 13))}
    assert all(60 <= count <= 170 for grade, count in grades.items() if grade != "PK"), grades
    assert grades["PK"] < grades["KG"]
    assert any(number.startswith("0") for number in found), "Student IDs with leading zeros occur"


def test_birth_dates_fit_the_grade(this_year: Path) -> None:
    grade_of = {row["sourcedId"]: row["grades"] for row in students(this_year).values()}
    for row in rows(this_year, "demographics"):
        grade = {"PK": -1, "KG": 0}.get(grade_of[row["sourcedId"]])
        turned = 2025 - int(row["birthDate"][:4]) - (row["birthDate"][5:] > "09-01")
        expected = 5 + (int(grade_of[row["sourcedId"]]) if grade is None else grade)
        assert turned in {expected, expected + 1}


def test_siblings_share_guardians_and_twins_share_a_birthday_and_a_name() -> None:
    found = [family for family in families(PLAN) if len(family.students) > 1]
    assert len(found) > 300
    twins = [
        (one, two)
        for family in found
        for one, two in itertools.combinations(family.students, 2)
        if one.child.birth_date == two.child.birth_date
    ]
    assert 5 <= len(twins) <= 60
    assert all(one.grade == two.grade and one.student_number != two.student_number for one, two in twins)


def test_names_come_in_several_languages_and_scripts(this_year: Path) -> None:
    names = [f"{row['givenName']} {row['familyName']}" for row in students(this_year).values()]
    text = "".join(names)
    assert any("\u0400" <= letter <= "\u04ff" for letter in text)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in text)
    assert any("\u0600" <= letter <= "\u06ff" for letter in text)
    assert any(letter in text for letter in "ñáéí")
    assert any("-" in name for name in names)
    assert any("'" in name for name in names)
    assert any(len(name.split()) >= 3 for name in names)
    assert len({row["familyName"] for row in students(this_year).values()}) > 300


def test_some_move_between_schools_in_the_middle_of_the_year(this_year: Path) -> None:
    schools: dict[str, set[str]] = {}
    for row in rows(this_year, "enrollments"):
        if row["role"] == "student":
            schools.setdefault(row["userSourcedId"], set()).add(row["schoolSourcedId"])
    moved = [user for user, places in schools.items() if len(places) == 2]
    assert 2 <= len(moved) <= 60
    assert max(map(len, schools.values())) == 2


def test_next_year_promotes_graduates_and_brings_new_ones(this_year: Path, next_year: Path) -> None:
    before, after = students(this_year), students(next_year)
    ladder = ["PK", "KG", *(f"{grade:02}" for grade in range(1, 13))]
    returned = before.keys() & after.keys()
    assert 0.85 * 1500 < len(returned) < 0.95 * 1500
    assert all(ladder.index(after[key]["grades"]) == ladder.index(before[key]["grades"]) + 1 for key in returned)
    assert not {key for key in returned if before[key]["grades"] == "12"}
    new = [after[key] for key in after.keys() - before.keys()]
    assert 0.5 < sum(row["grades"] in {"PK", "KG"} for row in new) / len(new) < 0.95
    renamed = [key for key in returned if before[key]["sourcedId"] != after[key]["sourcedId"]]
    assert 1 <= len(renamed) <= 30, "some Student IDs come back under another sourcedId"
    assert all(before[key]["familyName"] == after[key]["familyName"] for key in returned)
    assert 1350 <= len(after) <= 1650


@pytest.mark.parametrize("students", [1, 40, 149, 150, 400])
def test_small_districts_are_whole_too(students: int, tmp_path: Path) -> None:
    path = write_bundle(Plan(students, 3, 2026), tmp_path / "small.zip")
    assert sum(1 for row in rows(path, "users") if row["grades"]) == students
    schools = [row for row in rows(path, "orgs") if row["type"] == "school"]
    assert len(schools) == (1 if students < 150 else 3)


def test_memory_does_not_grow_with_the_district(tmp_path: Path) -> None:
    def peak(students: int) -> int:
        tracemalloc.start()
        write_bundle(Plan(students, 9, 2026), tmp_path / "one.zip")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(2400) < 1.5 * peak(300)
