"""The chain: each entry's digest covers everything in it and the digest before it.

So nothing can be changed, dropped, put in or put elsewhere without every later digest being another one.
"""

import datetime as dt
import hashlib
import json
from typing import Any, NamedTuple

from ledger.signing import canonical

BEGINNING = "0" * 64
"""What stands before a district's first entry."""


class Entry(NamedTuple):
    """An entry as it is chained and published: JSON values only."""

    district: int
    number: int
    kind: str
    actor: str
    at: str
    facts: dict[str, Any]
    previous: str
    digest: str

    @property
    def line(self) -> bytes:
        """The published line, without its end."""
        return canonical(self._asdict())

    @property
    def happened_at(self) -> dt.datetime:
        """When it happened."""
        return dt.datetime.fromisoformat(self.at)


def chained(
    district_id: int, number: int, kind: str, actor: str, at: dt.datetime, facts: dict[str, Any], previous: str
) -> Entry:
    """The entry that follows the one with the digest `previous`.

    Raises:
        ValueError: the facts hold what JSON cannot say.
    """
    content: dict[str, Any] = {
        "district": district_id, "number": number, "kind": kind, "actor": actor, "at": moment(at),
        "facts": json.loads(json.dumps(facts)), "previous": previous,
    }  # fmt: skip
    return Entry(**content, digest=hashlib.sha256(canonical(content)).hexdigest())


def digest_of(entry: Entry) -> str:
    """What the digest of an entry's content is, whatever it says itself."""
    content = entry._asdict()
    del content["digest"]
    return hashlib.sha256(canonical(content)).hexdigest()


def moment(at: dt.datetime) -> str:
    """A moment as the chain writes it: UTC, to the microsecond."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def read_entry(line: bytes) -> Entry | None:
    """The entry of a published line without its end; None where it is not what was written."""
    try:
        entry = Entry(**json.loads(line))
        return entry if entry.line == line and digest_of(entry) == entry.digest else None
    except (TypeError, ValueError):
        return None
