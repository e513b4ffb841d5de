"""Writing to the ledger, in the same transaction as what the entry records."""

import datetime as dt
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

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
