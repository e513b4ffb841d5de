"""Writing to the ledger, in the same transaction as what the entry records, or as a job that is asked for in it."""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from ledger.models import LedgerEntry
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District, Job

LATER = "ledger_entry"
"""The kind of the jobs of `append_later`."""

APPEND = """
INSERT INTO public.ledger_ledgerentry (district_id, number, kind, actor, at, facts)
SELECT %(district)s, coalesce(max(number), 0) + 1, %(kind)s, %(actor)s, %(at)s, %(facts)s
FROM public.ledger_ledgerentry WHERE district_id = %(district)s
RETURNING number
"""


def append_entry(district_id: int, kind: str, *, actor: str, at: dt.datetime, facts: dict[str, Any]) -> int:
    """Append an entry in the caller's transaction and return its number within the district.

    The caller holds the district's lock, which keeps the numbers without gaps.
    """
    values: dict[str, Any] = {"district": district_id, "kind": kind, "actor": actor, "at": at, "facts": Jsonb(facts)}
    with connection.cursor() as cursor:
        cursor.execute(APPEND, values)
        return int(cursor.fetchone()[0])


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
