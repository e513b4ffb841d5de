"""What was found: errors become rows of the sync at once (so memory stays flat), warnings are counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rostering.models import Sync, SyncError
from rostering.oneroster.problems import PROBLEMS, explained

BATCH = 2000


@dataclass
class Findings:
    """The findings of one sync.

    Attributes:
        sync: whose errors they become.
        strict: whether habits are errors.
        errors: how many errors there are.
        broken: names of files whose structure is wrong: nothing that depends on their rows can be judged.
    """

    sync: Sync
    strict: bool
    errors: int = 0
    broken: set[str] = field(default_factory=set)
    _warnings: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _details: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)
    _waiting: list[SyncError] = field(default_factory=list)

    def is_error(self, code: str) -> bool:
        """Whether a problem refuses the bundle in this mode."""
        problem = PROBLEMS[code]
        return not problem.remark and (self.strict or not problem.habit)

    def add(
        self, code: str, file: str = "", row: int | None = None, column: str = "", value: str = "", **words: str
    ) -> None:
        """Note one problem; `value` only where the column is not personal."""
        if not self.is_error(code):
            self.warn(code, file, column, 1, **words)
            return
        message = explained(code, file=file, column=column, **words)
        error = SyncError(
            sync=self.sync, file=file[:60], row=row, column=column[:255], code=code, value=value[:255], message=message
        )
        self._waiting.append(error)
        self.errors += 1
        if len(self._waiting) >= BATCH:
            self.flush()

    def add_many(self, code: str, file: str, column: str, rows: Iterable[tuple[int, str | None]], **words: str) -> None:
        """Note one problem of many rows; each is its number and the value that may be shown."""
        for row, value in rows:
            self.add(code, file, row, column, value or "", **words)

    def warn(self, code: str, file: str, column: str, count: int, **words: str) -> None:
        """Count a problem that does not refuse the bundle."""
        if count:
            self._warnings[code, file, column] += count
            self._details[code, file, column] = words

    def flush(self) -> None:
        """Write the errors that wait."""
        SyncError.objects.bulk_create(self._waiting)
        self._waiting.clear()

    def warnings(self) -> list[dict[str, Any]]:
        """The warnings with their counts, most frequent first."""
        return [
            {
                "code": code,
                "file": file,
                "column": column,
                "count": count,
                "message": explained(code, file=file, column=column, **self._details[code, file, column]),
            }
            for (code, file, column), count in self._warnings.most_common()
        ]
