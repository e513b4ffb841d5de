"""Writing to the ledger, in the same transaction as what the entry records, or as a job that is asked for in it."""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from ledger.chain import BEGINNING, chained
from ledger.models import LedgerEntry
from ledger.publishing import publish_after_commit
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


def append_entry(district_id: int, kind: str, *, actor: str, at: dt.datetime, facts: dict[str, Any]) -> int:
    """Append an entry in the caller's transaction and return its number within the district.

    The caller holds the district's lock, which keeps the numbers without gaps. When the transaction has committed the
    entry is published outside of the database.

    Raises:
        ValueError: the facts hold what JSON cannot say.
    """
    with connection.cursor() as cursor:
        cursor.execute(LAST, [district_id])
        number, previous = cursor.fetchone() or (0, BEGINNING)
        entry = chained(district_id, number + 1, kind, actor, at, facts, previous)
        content: list[Any] = [
            district_id,
            entry.number,
            kind,
            actor,
            entry.at,
            Jsonb(entry.facts),
            previous,
            entry.digest,
        ]
        cursor.execute(APPEND, content)
    publish_after_commit(district_id)
    return entry.number


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
