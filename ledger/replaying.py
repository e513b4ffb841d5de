"""Writing again what was published and is lost: while a disposition is replayed, its own entry is appended verbatim.

A database that was restored from a backup lacks the newest entries. `recovery` does again what they record, by the same
services; these append their entry as always, and get the one that was published, with its number, moment and digest.
So the chain goes on where it was, and nothing that counts by an entry's number sees a second one.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ledger.chain import Entry


class ReplayError(Exception):
    """What is done again does not record what was published; it is to roll back."""


class Replay:
    """The lost entries of a district, in order, and the students whom the first of them concerned.

    Attributes:
        keys: by surrogate key, as they were written ahead of the disposition; none where it needs none.
        taken: those that were appended again.
        differing: the numbers of those whose counts are others now.
    """

    def __init__(self, entries: Iterable[Entry], keys: tuple[int, ...] = ()) -> None:
        self.entries = deque(entries)
        self.keys = keys
        self.first = self.entries[0]
        self.taken: list[Entry] = []
        self.differing: list[int] = []

    def take(self, kind: str, facts: dict[str, Any]) -> Entry:
        """The next published entry, which must be of this kind.

        Args:
            facts: what would be recorded now; other counts than were published are remembered.

        Raises:
            ReplayError: it is of another one, or there is none.
        """
        if not self.entries or self.entries[0].kind != kind:
            expected = self.entries[0].kind if self.entries else "nothing"
            raise ReplayError(f"{kind} would be recorded, where {expected} was published")
        entry = self.entries.popleft()
        if any(facts.get(name) != entry.facts.get(name) for name in ("categories", "students")):
            self.differing.append(entry.number)
        self.taken.append(entry)
        return entry


_replay: ContextVar[Replay | None] = ContextVar("ledger_replay", default=None)


@contextmanager
def replayed(replay: Replay) -> Iterator[None]:
    """Append the replay's entries instead of new ones, for the block, in this thread."""
    token = _replay.set(replay)
    try:
        yield
    finally:
        _replay.reset(token)


def current_replay() -> Replay | None:
    """What is being replayed; None in everyday work."""
    return _replay.get()
