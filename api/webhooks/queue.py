"""Who is sent what: events are handed to the endpoints that ask for them, and what is due is claimed in order.

All of one subject goes in order to each endpoint: a later event waits until the earlier was taken or given up.
"""

import datetime as dt
from typing import Any, Final

from django.db import connection

from api.webhooks.models import Delivery
from events.services import number_events
from events.types import WEBHOOK_TEST
from tenants import clock
from tenants.jobs.services import enqueue_jobs
from tenants.models import District

KIND: Final = "webhooks"
CLAIM_SECONDS: Final = 60
"""Longer than one attempt can take; whoever has not come back by then is dead."""

HAND_OUT: Final = """
INSERT INTO public.webhooks_delivery (endpoint_id, event_id, subject, state, attempts, next_at, trouble)
SELECT endpoint.id, event.id, event.subject, 'waiting', 0, %(now)s, ''
FROM public.events_event AS event
JOIN public.webhooks_endpoint AS endpoint ON endpoint.district_id = event.district_id AND endpoint.disabled_at IS NULL
WHERE event.id = ANY(%(events)s) AND (
    endpoint.types ? event.type OR (event.type = %(test)s AND event.subject = 'webhook:' || endpoint.id))
ORDER BY event.id ON CONFLICT DO NOTHING
"""
IS_DUE: Final = """d.state = 'waiting' AND d.next_at <= %(now)s
  AND (d.claimed_until IS NULL OR d.claimed_until <= clock_timestamp())
  AND NOT EXISTS (SELECT 1 FROM public.webhooks_delivery AS earlier
                  WHERE earlier.endpoint_id = d.endpoint_id AND earlier.subject = d.subject
                    AND earlier.state = 'waiting' AND earlier.event_id < d.event_id)
"""
DUE: Final = f"""
SELECT endpoint.id, endpoint.district_id FROM public.webhooks_endpoint AS endpoint
WHERE endpoint.disabled_at IS NULL
  AND EXISTS (SELECT 1 FROM public.webhooks_delivery AS d WHERE d.endpoint_id = endpoint.id AND {IS_DUE})
  AND NOT EXISTS (SELECT 1 FROM public.tenants_job AS job
                  WHERE job.district_id = endpoint.district_id AND job.kind = %(kind)s
                    AND job.state IN ('waiting', 'running') AND job.payload ->> 'endpoint' = endpoint.id::text)
"""  # noqa: S608 - of this file's own words
CLAIM: Final = f"""
UPDATE public.webhooks_delivery
SET attempts = attempts + 1, claimed_until = clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = (
    SELECT d.id FROM public.webhooks_delivery AS d
    JOIN public.webhooks_endpoint AS endpoint ON endpoint.id = d.endpoint_id AND endpoint.disabled_at IS NULL
    WHERE d.endpoint_id = %(endpoint)s AND {IS_DUE} ORDER BY d.event_id LIMIT 1 FOR UPDATE OF d SKIP LOCKED)
RETURNING id
"""  # noqa: S608


def plan_webhooks() -> int:
    """One tick, in the caller's transaction: hand out what was noted, and ask for a job where something is due.

    Returns how many endpoints that are.
    """
    now = clock.now()
    hand_out_events(now)
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"now": now, "kind": KIND})
        due: list[tuple[int, int]] = cursor.fetchall()
    districts = District.objects.in_bulk({district for _, district in due})
    wanted: list[tuple[District, str, dict[str, Any]]] = [
        (districts[district], f"{endpoint} {now.isoformat()}", {"endpoint": endpoint}) for endpoint, district in due
    ]
    enqueue_jobs(KIND, wanted, due_at=now)
    return len(wanted)


def hand_out_events(now: dt.datetime) -> None:
    """Number what was committed since, and give each event to the endpoints of its district that ask for its type."""
    numbered = number_events()
    if numbered:
        with connection.cursor() as cursor:
            cursor.execute(HAND_OUT, {"now": now, "events": numbered, "test": WEBHOOK_TEST})


def claim_delivery(endpoint: int, now: dt.datetime) -> Delivery | None:
    """Take the first delivery that is due to an endpoint and count the attempt; None when nothing is."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "endpoint": endpoint, "seconds": CLAIM_SECONDS})
        row = cursor.fetchone()
    return Delivery.objects.select_related("endpoint", "event").get(pk=row[0]) if row else None
