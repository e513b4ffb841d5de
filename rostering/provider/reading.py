"""Reading a whole collection page by page, and noticing pages that do not fit together. Memory stays flat."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rostering.provider.client import Page, ProviderClient
from rostering.provider.errors import UnevenError

PAGE: Final = 1000


class SeenKeys:
    """The keys of a collection that were read, on disk, so that a million of them need no memory.

    Args:
        path: a file that does not exist yet; it is nobody's but this reading's.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = OFF")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("CREATE TABLE seen (id TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, keys: list[str]) -> int:
        """Note keys; returns how many were not there before."""
        self.connection.execute("BEGIN")
        before = self.connection.total_changes
        self.connection.executemany("INSERT OR IGNORE INTO seen VALUES (?)", [(key,) for key in keys])
        added = self.connection.total_changes - before
        self.connection.execute("COMMIT")
        return added

    def close(self) -> None:
        """Forget them."""
        self.connection.close()
        self.path.unlink(missing_ok=True)


def read_collection(
    client: ProviderClient, collection: str, *, since: dt.datetime | None, scratch: Path, limit: int = PAGE
) -> Iterator[Page]:
    """The pages of a collection, until there is no more.

    Args:
        since: only what has changed since.
        scratch: a folder for the keys that were seen.

    Raises:
        UnevenError: the provider's counts, keys or pages do not fit together.
        ProviderError: an answer cannot be used.
    """
    seen, read, total = SeenKeys(scratch / f"{collection}.seen"), 0, None
    try:
        while True:
            page = client.page(collection, offset=read, limit=limit, since=since)
            total = _same_total(collection, total, page, is_first=read == 0)
            keys = [_key(collection, record) for record in page.records]
            if seen.add(keys) < len(keys):
                raise UnevenError(f"The provider gave a record of {collection} twice: its pages do not fit together.")
            read += len(keys)
            yield page
            if not keys or _is_last(page, read, total):
                break
    finally:
        seen.close()
    if total is not None and read != total:
        raise UnevenError(f"The provider announced {total:,} {collection} and gave {read:,}.")


def _same_total(collection: str, before: int | None, page: Page, *, is_first: bool) -> int | None:
    if not is_first and page.total != before:
        said = f"first {before or 0:,}, then {page.total or 0:,}"
        raise UnevenError(f"The number of {collection} changed while they were read: {said}.")
    return page.total


def _is_last(page: Page, read: int, total: int | None) -> bool:
    """A page that is shorter than asked for says nothing: providers have limits of their own."""
    return read >= total if total is not None else page.more is False


def _key(collection: str, record: dict[str, Any]) -> str:
    key = record.get("sourcedId")
    if not isinstance(key, str) or not key:
        raise UnevenError(f"The provider gave a record of {collection} without a sourcedId.")
    return key
