"""The CSV files of a bundle, open side by side, so that people can be written as they are made."""

import csv
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from rostering.oneroster.specs import BY_NAME

VERSION = "1.2"
WRITTEN = ("academicSessions", "orgs", "courses", "classes", "users", "roles", "enrollments", "demographics")


class RosterFiles:
    """The bundle's CSV files, open side by side."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.columns = {name: [column.name for column in BY_NAME[name].of(VERSION)] for name in WRITTEN}
        opened: dict[str, TextIO] = {
            name: stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            for name in WRITTEN
        }
        self.writers = {name: csv.writer(file, lineterminator="\r\n") for name, file in opened.items()}
        for name, columns in self.columns.items():
            self.writers[name].writerow(columns)

    def add(self, file: str, /, **values: object) -> None:
        """Write a row; columns that are not given stay empty."""
        self.writers[file].writerow([values.get(column, "") for column in self.columns[file]])
