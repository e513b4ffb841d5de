"""Writing OneRoster bundles of any size for measurements, streamed: nothing is held in memory.

python -m benchmarks.roster_bundle FOLDER --users 500000 [--version 1.2] [--changed 1]
"""

import argparse
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rostering.oneroster.specs import BY_NAME, files_of

SECTION_SIZE = 25
SCHOOL_SIZE = 900
STUDENTS_PER_TEACHER = 18
ENROLLMENTS = 3
GRADES = ("KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")
Rows = Iterator[dict[str, str]]


@dataclass(frozen=True)
class Size:
    """A bundle's size. Of `changed` per cent of the users and enrollments, the rows differ from a bundle with 0."""

    users: int
    version: str = "1.1"
    changed: int = 0

    @property
    def teachers(self) -> int:
        """How many of the users teach."""
        return max(self.users // (STUDENTS_PER_TEACHER + 1), 1)

    @property
    def students(self) -> int:
        """How many of the users learn."""
        return self.users - self.teachers

    @property
    def schools(self) -> int:
        """How many schools they fill."""
        return max(self.students // SCHOOL_SIZE, 1)

    @property
    def sections(self) -> int:
        """How many sections they fill."""
        return max(self.students * ENROLLMENTS // SECTION_SIZE, 1)

    def is_changed(self, number: int) -> bool:
        """Whether this row differs."""
        return number * 7919 % 100 < self.changed


def key(kind: str, number: int) -> str:
    """An identifier as SISes make them: a UUID, the same in each run."""
    return str(uuid.UUID(int=(number << 8 | len(kind)) * 0x9E3779B97F4A7C15F39CC0605CEDC835 & (1 << 128) - 1))


def write_bundle(folder: Path, size: Size) -> Path:
    """Write a bulk bundle as a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = {
        "academicSessions": _sessions(),
        "orgs": _orgs(size),
        "courses": iter([{"sourcedId": "course", "title": "Course", "orgSourcedId": "district"}]),
        "classes": _classes(size),
        "users": _users(size),
        "enrollments": _enrollments(size),
        **({"roles": _roles(size)} if size.version == "1.2" else {}),
    }
    manifest = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{size.version}"]
    for spec in files_of(size.version):
        manifest.append(f"file.{spec.name},{'bulk' if spec.name in sources else 'absent'}")
    (folder / "manifest.csv").write_text("\n".join(manifest) + "\n")
    for name, rows in sources.items():
        header = [column.name for column in BY_NAME[name].of(size.version)]
        with (folder / f"{name}.csv").open("w") as out:
            out.write(",".join(header) + "\n")
            out.writelines(",".join(map(row.get, header, [""] * len(header))) + "\n" for row in rows)
    return folder


def _sessions() -> Rows:
    yield {
        "sourcedId": "year",
        "title": "2025-26",
        "type": "schoolYear",
        "startDate": "2025-08-15",
        "endDate": "2026-06-10",
        "schoolYear": "2026",
    }


def _orgs(size: Size) -> Rows:
    yield {"sourcedId": "district", "name": "District", "type": "district"}
    for number in range(size.schools):
        yield {
            "sourcedId": f"school-{number}",
            "name": f"School {number}",
            "type": "school",
            "parentSourcedId": "district",
        }


def _classes(size: Size) -> Rows:
    for number in range(size.sections):
        yield {
            "sourcedId": key("class", number),
            "title": f"Section {number}",
            "courseSourcedId": "course",
            "classType": "scheduled",
            "schoolSourcedId": f"school-{number % size.schools}",
            "termSourcedIds": "year",
        }


def _users(size: Size) -> Rows:
    for number in range(size.users):
        student = number < size.students
        school = f"school-{number % size.schools}"
        row = {
            "sourcedId": key("user", number),
            "enabledUser": "true",
            "username": f"user{number}",
            "givenName": f"Given{number % 5000}",
            "familyName": f"{'Changed' if size.is_changed(number) else 'Family'}{number % 20000}",
            "identifier": f"{900000000 + number}",
            "email": f"user{number}@district.example.org",
            "grades": GRADES[number % 13] if student else "",
        }
        if size.version == "1.2":
            row["primaryOrgSourcedId"] = school
        else:
            row |= {"orgSourcedIds": school, "role": "student" if student else "teacher"}
        yield row


def _roles(size: Size) -> Rows:
    for number in range(size.users):
        yield {
            "sourcedId": key("roles", number),
            "userSourcedId": key("user", number),
            "roleType": "primary",
            "role": "student" if number < size.students else "teacher",
            "orgSourcedId": f"school-{number % size.schools}",
        }


def _enrollments(size: Size) -> Rows:
    for number in range(size.users * ENROLLMENTS):
        user, nth = divmod(number, ENROLLMENTS)
        section = (user // SECTION_SIZE * ENROLLMENTS + nth) % size.sections
        yield {
            "sourcedId": key("enrollment", number),
            "classSourcedId": key("class", section),
            "schoolSourcedId": f"school-{section % size.schools}",
            "userSourcedId": key("user", user),
            "role": "student" if user < size.students else "teacher",
            "beginDate": "2025-08-18" if size.is_changed(number) else "2025-08-15",
            "endDate": "2026-06-11",
        }


def main() -> None:
    """Write one bundle."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--users", type=int, default=500_000)
    parser.add_argument("--version", choices=("1.1", "1.2"), default="1.1")
    parser.add_argument("--changed", type=int, default=0, help="per cent")
    given = parser.parse_args()
    print(write_bundle(given.folder, Size(given.users, given.version, given.changed)))


if __name__ == "__main__":
    main()
