"""Holding the ledger to its chain, and the database to what was published: every break is told, with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from django_tenants.utils import schema_context

from ledger.chain import BEGINNING, Entry, digest_of, read_entry
from ledger.models import LedgerEntry, LedgerHead
from ledger.places import ENTRIES, HEADS, folder_of, published_districts, read_head
from ledger.publishing import entry_of

CHUNK = 2000
ENOUGH = 20
"""Problems of one district that are told: one break makes every later line look wrong."""


@dataclass(frozen=True)
class Verified:
    """What was found of a district's ledger.

    Attributes:
        entries: in the database.
        published: entries that a signed head covers.
        root: the digest of the newest entry of the database.
        problems: in words, each with its place; none when it holds.
    """

    district: int
    entries: int
    published: int
    root: str
    problems: tuple[str, ...]


def ledger_districts(root: Path | None = None) -> list[int]:
    """Every district that the database or the published folder knows a ledger of."""
    with schema_context("public"):
        known = LedgerEntry.objects.order_by("district_id").values_list("district_id", flat=True).distinct()
        return sorted({*known, *published_districts(root)})


def verify_district(district_id: int, root: Path | None = None) -> Verified:
    """Check a district's chain in the database, and against its published entries and heads.

    Args:
        root: a copy of the folder of what was published, which may be older; LEDGER_DIR itself by default.
    """
    folder, noted = folder_of(district_id, root), _noted(district_id)
    heads, problems = _heads(district_id, folder / HEADS)
    covered = max(heads, default=0)
    number, digest = 0, BEGINNING
    published = _published(folder / ENTRIES, problems)
    for entry, line in zip_longest(_entries(district_id), published):
        if len(problems) >= ENOUGH:
            break
        if entry is not None:
            problems += _chain_problems(entry, number, digest)
            number, digest = entry.number, entry.digest
        problems += _witness_problems(entry, line, heads)
    problems += _end_problems(number, covered, noted, is_own=root is None)
    return Verified(district_id, number, covered, digest if number else "", tuple(dict.fromkeys(problems))[:ENOUGH])


def _witness_problems(entry: Entry | None, line: Entry | None, heads: dict[int, str]) -> Iterator[str]:
    """What does not fit together of an entry, the published line in its place, and the heads."""
    covered = max(heads, default=0)
    if entry is None:
        if line is not None and line.number <= covered:
            yield f"entry {line.number} was published and is not in the database"
        return
    if line is not None and line != entry:
        yield f"entry {entry.number} is not what was published under its number"
    if line is None and entry.number <= covered:
        yield f"entry {entry.number} is covered by a head, but is not among the published entries"
    if heads.get(entry.number, entry.digest) != entry.digest:
        yield f"entry {entry.number} has another digest than its signed head"


def _end_problems(number: int, covered: int, noted: LedgerHead, *, is_own: bool) -> Iterator[str]:
    """What is wrong with where the ledger ends: in the database, by its heads, and by what the database notes."""
    now = _noted(noted.district_id).number
    if number < covered:
        yield f"the database ends with entry {number}, but a signed head covers {covered}: it was truncated"
    if not noted.number <= number <= now:
        yield f"the database notes {now} entries and ends with entry {number}"
    if is_own and covered < noted.published:
        yield f"{noted.published} entries were published, and the heads cover {covered}: they were truncated"


def _noted(district_id: int) -> LedgerHead:
    """What the database says itself of how far the ledger goes; others go on appending while it is verified."""
    with schema_context("public"):
        return LedgerHead.objects.filter(pk=district_id).first() or LedgerHead(district_id=district_id, number=0)


def _chain_problems(entry: Entry, number: int, digest: str) -> Iterator[str]:
    """What is wrong with an entry that should follow entry `number`."""
    if entry.number != number + 1:
        yield f"after entry {number} comes entry {entry.number}: something was dropped or put in"
    if entry.previous != digest:
        yield f"entry {entry.number} does not follow the entry before it"
    if digest_of(entry) != entry.digest:
        yield f"entry {entry.number} was changed: its digest is of something else"


def _entries(district_id: int) -> Iterator[Entry]:
    with schema_context("public"):
        rows = LedgerEntry.objects.filter(district_id=district_id).order_by("number")
        yield from map(entry_of, rows.iterator(chunk_size=CHUNK))


def _heads(district_id: int, path: Path) -> tuple[dict[int, str], list[str]]:
    """Digests by number, of every head that is genuine, and what is wrong with the others."""
    heads: dict[int, str] = {}
    problems: list[str] = []
    for place, line in _lines(path, problems):
        head = read_head(district_id, line)
        if head is None:
            problems.append(f"line {place} of {HEADS} is not a head that was signed here")
        elif head.number <= max(heads, default=0):
            problems.append(f"line {place} of {HEADS} goes back to entry {head.number}")
        else:
            heads[head.number] = head.digest
    return heads, problems


def _published(path: Path, problems: list[str]) -> Iterator[Entry]:
    for place, line in _lines(path, problems):
        entry = read_entry(line)
        if entry is None:
            problems.append(f"line {place} of {ENTRIES} was changed")
        yield entry or Entry(-1, place, "", "", "", {}, "", "")


def _lines(path: Path, problems: list[str]) -> Iterator[tuple[int, bytes]]:
    """The lines of a published file without their ends; a last one without an end is told."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for place, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                problems.append(f"line {place} of {path.name} has no end")
            yield place, line.removesuffix(b"\n")
