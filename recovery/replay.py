"""Bringing a district's tables up to its ledger after a restore from a backup, entry by entry, and opening it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django_tenants.utils import schema_context

from ledger.chain import Entry
from ledger.dispositions import KeysError, numbers_written, written_keys
from ledger.publishing import publish
from ledger.replaying import Replay, ReplayError, replayed
from ledger.services import append_entry, write_again
from recovery.again import AGAIN, needs_keys
from recovery.lost import Lost
from tenants import clock
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.opening import entered_while_closed
from tenants.schema import enter_district, schema_exists

ACTOR = "system:recovery"
NEXT_DISTRICT = """
SELECT setval(pg_get_serial_sequence('public.tenants_district', 'id'),
              greatest(nextval(pg_get_serial_sequence('public.tenants_district', 'id')), %s))
"""


@dataclass
class Outcome:
    """What was done for a district.

    Attributes:
        again: entries whose work was done again, by kind.
        noted: entries that were only written down again, by kind.
        differing: numbers of entries whose counts are others now: the backup held other rows than were there then.
        unknown: numbers of dispositions whose keys were written, but whose entry was never published.
        left: why the district was left as it is; empty when it is open.
    """

    district: int
    again: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    differing: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    left: str = ""


def replay_district(lost: Lost, tell: Callable[[str], None]) -> Outcome:
    """Do again what is lost of a district, in order, write its ledger on, and publish that it was restored.

    Args:
        tell: is given a line before each entry that is done again.

    Raises:
        ReplayError: an entry could not be done again; those before it are, and whoever calls again goes on there.
    """
    outcome = Outcome(lost.district)
    district = _district(lost.district)
    if district is not None and not schema_exists(district.schema_name):
        outcome.left = f"it has no schema {district.schema_name} in this database"
        return outcome
    entries = list(lost.entries)
    while entries:
        entries = entries[_one(district, entries, outcome, tell) :]
    if district is None and lost.district:
        _spare_number(lost.district)
    _conclude(lost, outcome)
    return outcome


def _one(district: District | None, entries: list[Entry], outcome: Outcome, tell: Callable[[str], None]) -> int:
    """Do the first entry again, or write it down again; returns how many entries that settled."""
    entry = entries[0]
    again = AGAIN.get(entry.kind) if district is not None else None
    if district is None or again is None:
        _note(entry, outcome)
        return 1
    tell(f"district {entry.district}, entry {entry.number}: {entry.kind} of {entry.at[:19]}Z")
    replay = Replay(entries, _keys(entry))
    try:
        with entered_while_closed(district), enter_district(district), replayed(replay):
            again(district, entry)
    except ReplayError as error:
        raise ReplayError(f"entry {entry.number} of district {entry.district} ({entry.kind}): {error}") from None
    if not replay.taken:  # there was nothing of it in the backup
        _note(entry, outcome)
        return 1
    outcome.again[entry.kind] += 1
    outcome.differing += replay.differing
    return len(replay.taken)


def _note(entry: Entry, outcome: Outcome) -> None:
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, entry.district)
        write_again(entry)
    outcome.noted[entry.kind] += 1


def _keys(entry: Entry) -> tuple[int, ...]:
    if not needs_keys(entry):
        return ()
    try:
        found = written_keys(entry.district, entry.number)
    except KeysError as error:
        raise ReplayError(str(error)) from None
    if found is None:
        raise ReplayError(
            f"whom entry {entry.number} of district {entry.district} ({entry.kind}) concerned is not written down any "
            "more: the backup is older than BACKUP_DAYS; restore a newer one"
        )
    return found.keys


def _conclude(lost: Lost, outcome: Outcome) -> None:
    """The ledger says itself that it was carried over a restore; its folder is told the new head."""
    newest = lost.entries[-1].number
    outcome.unknown = [number for number in numbers_written(lost.district) if number > newest]
    facts: dict[str, Any] = {
        "from": lost.known, "to": newest, "again": dict(outcome.again), "noted": dict(outcome.noted),
        "differing": outcome.differing, "unknown": outcome.unknown,
    }  # fmt: skip
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, lost.district)
        append_entry(lost.district, "database_restored", actor=ACTOR, at=clock.now(), facts=facts)
    publish(lost.district)


def _district(district_id: int) -> District | None:
    with schema_context("public"):
        return District.objects.filter(pk=district_id, removed_at=None).first()


def _spare_number(district_id: int) -> None:
    """A district that was made after the backup is lost with it; no other ever gets its number, and its ledger."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DISTRICT, [district_id])
