"""What was found wrong with a file: every error, up to a bound that keeps memory flat."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from products.loader.errors import LoadError, message_for

KEPT = 100_000
"""Errors that are kept in full; the others are counted."""


@dataclass
class Found:
    """The errors of one file."""

    file: str
    count: int = 0
    errors: list[LoadError] = field(default_factory=list)

    def add(
        self, code: str, *, row: int | None = None, column: str = "", value: str | None = None, **words: object
    ) -> None:
        """Note one error; `value` only where the column is not personal."""
        self.count += 1
        if len(self.errors) < KEPT:
            message = message_for(code, column=column, **words)
            self.errors.append(LoadError(self.file, row, column, code, (value or "")[:255], message))

    def add_rows(self, code: str, column: str, rows: Iterable[tuple[int, str | None]], **words: object) -> None:
        """Note the same error of many rows."""
        for row, value in rows:
            self.add(code, row=row, column=column, value=value, **words)

    def ordered(self) -> tuple[LoadError, ...]:
        """The errors in the file's order."""
        return tuple(sorted(self.errors, key=lambda error: (error.row or 0, error.column, error.code)))
