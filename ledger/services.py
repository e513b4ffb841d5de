"""Writing to the ledger, in the same transaction as what the entry records, or as a job that is asked for in it."""

import datetime as dt
import json
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from ledger.chain import BEGINNING, Entry, chained
from ledger.models import LedgerEntry
from ledger.opening import HOW, MARKED, mark_schema, newest_published
from ledger.publishing import publish_after_commit
from ledger.replaying import current_replay
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District, Job

LATER = "ledger_entry"
"""The kind of the jobs of `append_later`."""

LAST = "SELECT number, digest FROM public.ledger_ledgerentry WHERE district_id = %s ORDER BY number DESC LIMIT 1"
APPEND = """
INSERT INTO public.ledger_ledgerentry (district_id, number, kind, actor, at, facts, previous, digest)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


class LedgerBehindError(Exception):
    """The database is older than what was published of the ledger; nothing was appended."""


def append_entry(district_id: int, kind: str, *, actor: str, at: dt.datetime, facts: dict[str, Any]) -> int:
    """Append an entry in the caller's transaction and return its number within the district.

    The caller holds the district's lock, which keeps the numbers without gaps. When the transaction has committed the
    entry is published outside of the database.

    Raises:
        ValueError: the facts hold what JSON cannot say.
        LedgerBehindError: the database is older than what was published of the ledger; see `ledger.opening`.
    """
    replay = current_replay()
    if replay is not None and replay.first.district == district_id:
        entry = replay.take(kind, json.loads(json.dumps(facts)))
        write_again(entry)
    else:
        number, previous = _last(district_id)
        _check_continues(district_id, number)
        entry = chained(district_id, number + 1, kind, actor, at, facts, previous)
        _write(entry)
        publish_after_commit(district_id)
    return entry.number


def write_again(entry: Entry) -> None:
    """Put a published entry back under its number, in the caller's transaction; one that is there stays.

    Raises:
        IntegrityError: it does not follow the database's newest entry.
    """
    if entry.number > _last(entry.district)[0]:
        _write(entry)


def append_later(
    district: District, kind: str, key: str, *, actor: str, at: dt.datetime, facts: dict[str, Any]
) -> None:
    """Ask, in the caller's transaction, for an entry that a worker appends: for callers who cannot wait for the lock.

    Args:
        key: names the entry; asking twice for one is harmless.
        at: when it happened, which the entry says.
    """
    payload = {"kind": kind, "actor": actor, "at": at.isoformat(), "facts": facts}
    enqueue_job(district, LATER, key, due_at=at, payload=payload)


def append_now(district: District, job: Job) -> None:
    """Append the entry of such a job, once, however often it is run."""
    said = job.payload
    facts = {**said["facts"], "job": str(job.pk)}
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        if not LedgerEntry.objects.filter(district_id=district.pk, facts__job=str(job.pk)).exists():
            at = dt.datetime.fromisoformat(said["at"])
            append_entry(district.pk, said["kind"], actor=said["actor"], at=at, facts=facts)


def append_waiting(district: District) -> None:
    """Append, in the caller's transaction, what `append_later` was asked for and no worker has come to yet.

    For a district that is about to be removed: its jobs end with it. The caller holds its lock.
    """
    waiting = Job.objects.filter(district=district, kind=LATER, finished_at=None)
    for job in waiting.order_by("due_at", "created_at", "pk"):  # what is due at the same moment, as it was asked for
        append_now(district, job)


def _last(district_id: int) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(LAST, [district_id])
        number, digest = cursor.fetchone() or (0, BEGINNING)
    return number, digest


def _check_continues(district_id: int, number: int) -> None:
    """Nothing is appended to a ledger that is shorter than what was published: the chain would fork."""
    published = newest_published(district_id)
    if published is not None and published.number > number:
        raise LedgerBehindError(
            f"the ledger of district {district_id} ends with entry {number} in this database, and entry "
            f"{published.number} was published: {HOW}"
        )


def _write(entry: Entry) -> None:
    content: list[Any] = [
        entry.district, entry.number, entry.kind, entry.actor, entry.at, Jsonb(entry.facts), entry.previous,
        entry.digest,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(APPEND, content)
    if entry.kind in MARKED:
        mark_schema(entry.district, entry.number)
