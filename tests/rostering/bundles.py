"""Small OneRoster bundles for tests, built row by row; also for other apps' tests.

bundle = small_bundle()                       # a district, two schools, four students, a teacher, a guardian
bundle.rows["users"][0]["grades"] = "5"
sync = import_bundle(bundle.write(tmp_path), source="command", actor="tests", as_of=AS_OF)
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rostering.oneroster.specs import BY_NAME, files_of

AS_OF = dt.date(2025, 9, 1)
Row = dict[str, str]


@dataclass
class BundleBuilder:
    """A bundle as rows. `rows` is keyed by file name; `headers`, `raw` and `modes` override what is written."""

    version: str = "1.2"
    mode: str = "bulk"
    rows: dict[str, list[Row]] = field(default_factory=dict)
    headers: dict[str, list[str]] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    manifest: str | None = None

    def add(self, file: str, **values: str) -> Row:
        """Add a row; in delta, status and dateLastModified are filled in."""
        if self.mode == "delta":
            values = {"status": "active", "dateLastModified": "2025-09-01T00:00:00.000Z", **values}
        self.rows.setdefault(file, []).append(values)
        return values

    def of(self, file: str, sourced_id: str) -> Row:
        """The row of a sourcedId."""
        return next(row for row in self.rows[file] if row["sourcedId"] == sourced_id)

    def drop(self, file: str, sourced_id: str) -> None:
        """Take a row out."""
        self.rows[file].remove(self.of(file, sourced_id))

    def drop_person(self, sourced_id: str) -> None:
        """Take a user out, with everything that refers to them."""
        for file, column in (
            ("users", "sourcedId"),
            ("roles", "userSourcedId"),
            ("enrollments", "userSourcedId"),
            ("demographics", "sourcedId"),
        ):
            self.rows[file] = [row for row in self.rows.get(file, []) if row.get(column) != sourced_id]

    def header(self, file: str) -> list[str]:
        """The header that is written: the specification's, unless the test says otherwise."""
        return self.headers.get(file) or [column.name for column in BY_NAME[file].of(self.version)]

    def text(self, file: str) -> str:
        """The file as CSV."""
        out = io.StringIO(newline="")
        header = self.header(file)
        writer = csv.DictWriter(out, header, extrasaction="ignore", restval="", lineterminator="\n")
        out.write(",".join(header) + "\n")
        writer.writerows(self.rows[file])
        return out.getvalue()

    def manifest_text(self) -> str:
        """The manifest of what is there."""
        if self.manifest is not None:
            return self.manifest
        lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{self.version}"]
        for spec in files_of(self.version):
            there = spec.name in self.rows or spec.file in self.raw
            lines.append(f"file.{spec.name},{self.modes.get(spec.name, self.mode if there else 'absent')}")
        return "\n".join(lines) + "\n"

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Every file's name and bytes."""
        yield "manifest.csv", self.manifest_text().encode()
        for file, rows in self.rows.items():
            if rows is not None and f"{file}.csv" not in self.raw:
                yield f"{file}.csv", self.text(file).encode()
        yield from self.raw.items()

    def write(self, folder: Path, name: str = "bundle.zip", inner: str = "") -> Path:
        """Write it as a zip and return the path."""
        path = folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, data in self.contents():
                archive.writestr(inner + file, data)
        return path

    def write_folder(self, folder: Path) -> Path:
        """Write it as a folder and return the path."""
        folder.mkdir(parents=True, exist_ok=True)
        for file, data in self.contents():
            (folder / file).write_bytes(data)
        return folder


def add_student(bundle: BundleBuilder, number: int, school: str, grade: str = "05", **values: str) -> str:
    """Add a student with role, enrollment and birth date; returns the sourcedId."""
    sourced_id = values.pop("sourcedId", f"s{number}")
    birth = values.pop("birthDate", f"2014-01-{number % 28 + 1:02}")
    new = bundle.version == "1.2"
    user = {
        "sourcedId": sourced_id,
        "enabledUser": "true",
        "username": f"user{number}",
        "givenName": f"Given{number}",
        "familyName": f"Family{number}",
        "identifier": f"N{number:05}",
        "email": f"user{number}@example.org",
        "grades": grade,
        **({"primaryOrgSourcedId": school} if new else {"orgSourcedIds": school, "role": "student"}),
        **values,
    }
    bundle.add("users", **user)
    if new:
        bundle.add(
            "roles",
            sourcedId=f"r-{sourced_id}",
            userSourcedId=sourced_id,
            roleType="primary",
            role="student",
            orgSourcedId=school,
        )
    bundle.add(
        "enrollments",
        sourcedId=f"e-{sourced_id}",
        classSourcedId=f"class-{school}",
        schoolSourcedId=school,
        userSourcedId=sourced_id,
        role="student",
        beginDate="2025-08-15",
        endDate="2026-06-11",
    )
    bundle.add("demographics", sourcedId=sourced_id, birthDate=birth, sex="female", asian="true")
    return sourced_id


def add_adult(bundle: BundleBuilder, sourced_id: str, role: str, school: str, **values: str) -> str:
    """Add somebody who is not a student; returns the sourcedId."""
    new = bundle.version == "1.2"
    bundle.add(
        "users",
        sourcedId=sourced_id,
        enabledUser="true",
        username=sourced_id,
        givenName=f"Given-{sourced_id}",
        familyName=f"Family-{sourced_id}",
        **({} if new else {"orgSourcedIds": school, "role": role}),
        **values,
    )
    if new:
        bundle.add(
            "roles",
            sourcedId=f"r-{sourced_id}",
            userSourcedId=sourced_id,
            roleType="primary",
            role=role,
            orgSourcedId=school,
        )
    return sourced_id


def small_bundle(
    version: str = "1.2", *, students: int = 4, schools: int = 2, school_year: int = 2026, mode: str = "bulk"
) -> BundleBuilder:
    """A district with schools, one section each with a teacher, and students in turn at each school."""
    bundle = BundleBuilder(version, mode)
    start, end = f"{school_year - 1}-08-15", f"{school_year}-06-10"
    year, term = f"year-{school_year}", f"term-{school_year}"
    dates = {"startDate": start, "endDate": end, "schoolYear": str(school_year)}
    bundle.add("academicSessions", sourcedId=year, title="Year", type="schoolYear", **dates)
    bundle.add("academicSessions", sourcedId=term, title="Term", type="term", parentSourcedId=year, **dates)
    bundle.add("orgs", sourcedId="d1", name="District", type="district", identifier="0600001")
    bundle.add("courses", sourcedId="c1", title="Homeroom", courseCode="HR", grades="05", orgSourcedId="d1")
    for number in range(1, schools + 1):
        school = f"sch{number}"
        bundle.add("orgs", sourcedId=school, name=f"School {number}", type="school", parentSourcedId="d1")
        bundle.add(
            "classes",
            sourcedId=f"class-{school}",
            title=f"Homeroom {number}",
            grades="05",
            courseSourcedId="c1",
            classType="homeroom",
            schoolSourcedId=school,
            termSourcedIds=term,
        )
        add_adult(bundle, f"t{number}", "teacher", school)
        bundle.add(
            "enrollments",
            sourcedId=f"e-t{number}",
            classSourcedId=f"class-{school}",
            schoolSourcedId=school,
            userSourcedId=f"t{number}",
            role="teacher",
            primary="true",
        )
    for number in range(1, students + 1):
        add_student(bundle, number, f"sch{(number - 1) % schools + 1}")
    return bundle
