"""The district's own student information system: each export is a whole OneRoster bundle of the new school year."""

import csv
import io
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

PERSON_COLUMN = {
    "users.csv": "sourcedId",
    "roles.csv": "userSourcedId",
    "enrollments.csv": "userSourcedId",
    "demographics.csv": "sourcedId",
}
SETTLED_SECONDS = 600


@dataclass(frozen=True)
class Sis:
    """A made-up district's next year, of which an export has the students who have come by then."""

    slug: str
    whole: Path
    renamed: dict[str, str] = field(default_factory=dict)
    """Whoever the system knows under another sourcedId than last year's: old -> new."""

    @classmethod
    def of(cls, slug: str, folder: Path, *, students: int) -> "Sis":
        """The system of the district that the fixture `filled` makes with this slug and number of students."""
        whole = folder / "whole.zip"
        call_command(
            "generate_district", slug=slug, students=students, seed=5, school_year=2026, next_year=True,
            bundle_only=str(whole), verbosity=0,
        )  # fmt: skip
        return cls(slug, whole)

    def students(self) -> dict[str, str]:
        """Everybody whom the new year may bring: Student ID -> sourcedId."""
        with zipfile.ZipFile(self.whole) as source:
            return {row["identifier"]: row["sourcedId"] for row in _rows(source, "users.csv") if row["grades"]}

    def export(self, numbers: set[str]) -> Path:
        """The bundle of a day on which the students of these Student IDs are there, beside all who work there."""
        absent = {key for number, key in self.students().items() if number not in numbers}
        path = self.whole.with_name(f"{len(numbers)}.zip")
        with zipfile.ZipFile(self.whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for name in source.namelist():
                out.writestr(name, self._without(source, name, absent))
        return path

    def drop(self, numbers: set[str]) -> Path:
        """Leave the export in the district's drop folder for the nightly sync, finished some time ago."""
        folder = Path(settings.DROP_ROOT) / self.slug
        folder.mkdir(parents=True, exist_ok=True)
        path = self.export(numbers).rename(folder / "night.zip")
        finished = path.stat().st_mtime - SETTLED_SECONDS
        os.utime(path, (finished, finished))
        return path

    def _without(self, source: zipfile.ZipFile, name: str, absent: set[str]) -> bytes:
        column = PERSON_COLUMN.get(name)
        if column is None:
            return source.read(name)
        rows = _rows(source, name)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, rows[0].keys())
        writer.writeheader()
        for row in rows:
            if row[column] not in absent:
                writer.writerow(row | {column: self.renamed.get(row[column], row[column])})
        return text.getvalue().encode()


def _rows(source: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    with source.open(name) as member:
        return list(csv.DictReader(io.TextIOWrapper(member, "utf-8", newline="")))
