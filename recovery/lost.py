"""What was published of a district's ledger and is not in the database: the entries that a backup lacks."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django_tenants.utils import schema_context

from ledger.chain import BEGINNING, Entry, read_entry
from ledger.models import LedgerEntry
from ledger.places import ENTRIES, HEADS, Head, folder_of, last_line, published_districts, read_head


class LostEntriesError(Exception):
    """What was published cannot be trusted, or is not a continuation of the database; the message says where."""


@dataclass(frozen=True)
class Lost:
    """What a district's ledger lacks in this database.

    Attributes:
        district: its number; 0 is the ledger of what concerns all.
        known: the newest entry that is in the database; 0 for none.
        entries: the lost ones, in order.
    """

    district: int
    known: int
    entries: tuple[Entry, ...]


def lost_entries(district_id: int) -> Lost:
    """Read what is lost of one district, each entry held to the chain and to the newest signed head.

    Raises:
        LostEntriesError: a published line was changed, the newest head is not genuine, or the database has gone on
            by itself since the restore.
    """
    with schema_context("public"):
        row = LedgerEntry.objects.filter(district_id=district_id).order_by("-number").first()
    known, digest = (row.number, row.digest) if row else (0, BEGINNING)
    head = _newest_head(district_id)
    lost: list[Entry] = []
    for entry in _published(district_id):
        if entry.number == known and entry.digest != digest:
            raise LostEntriesError(
                f"entry {known} of district {district_id} is another one in the database than was published: somebody "
                "has gone on after the restore; restore the backup again, and replay before anything else"
            )
        if entry.number > known:
            _check(entry, lost[-1] if lost else None, known, digest)
            lost.append(entry)
        if head and entry.number == head.number and entry.digest != head.digest:
            raise LostEntriesError(f"entry {entry.number} of district {district_id} is not the one that was signed")
    if head and head.number > max(known, lost[-1].number if lost else 0):
        raise LostEntriesError(f"the published entries of district {district_id} end before entry {head.number}")
    return Lost(district_id, known, tuple(lost))


def districts_behind() -> Iterator[Lost]:
    """Every district of which something is lost, the ledger of what concerns all first.

    Raises:
        LostEntriesError: see `lost_entries`.
    """
    for district_id in published_districts():
        line = last_line(folder_of(district_id) / ENTRIES)
        newest = json.loads(line)["number"] if line else 0
        with schema_context("public"):
            is_there = LedgerEntry.objects.filter(district_id=district_id, number__gte=newest).exists()
        if newest and not is_there:
            yield lost_entries(district_id)


def _published(district_id: int) -> Iterator[Entry]:
    path = folder_of(district_id) / ENTRIES
    if not path.exists():
        return
    with path.open("rb") as file:
        for place, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return  # a crash left it half-written: it was never whole
            entry = read_entry(line.removesuffix(b"\n"))
            if entry is None or entry.district != district_id:
                raise LostEntriesError(f"line {place} of {ENTRIES} of district {district_id} was changed")
            yield entry


def _newest_head(district_id: int) -> Head | None:
    line = last_line(folder_of(district_id) / HEADS)
    if not line:
        return None
    head = read_head(district_id, line)
    if head is None:
        raise LostEntriesError(f"the newest head of district {district_id} was not signed here")
    return head


def _check(entry: Entry, before: Entry | None, known: int, digest: str) -> None:
    number, previous = (before.number, before.digest) if before else (known, digest)
    if (entry.number, entry.previous) != (number + 1, previous):
        raise LostEntriesError(
            f"entry {entry.number} of district {entry.district} does not follow entry {number}: the published entries "
            "and the database are not of one ledger"
        )
