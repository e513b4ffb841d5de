"""The job that sends what is due to one endpoint, and what comes of each attempt."""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django_tenants.utils import schema_context

from api.webhooks import notices
from api.webhooks.backoff import pause_after
from api.webhooks.models import Delivery, Endpoint, State, Why
from api.webhooks.queue import claim_delivery
from api.webhooks.selectors import living_secrets
from api.webhooks.signing import body_of, headers_of
from ledger.services import append_later
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job
from tenants.outbound import Outbound, OutboundError
from tenants.sealing import SealBrokenError, open_secret

SECONDS: Final = 10.0
MAX_BYTES: Final = 1 << 20
"""Nobody reads an answer's body; one that does not end is broken off."""
JOB_SECONDS: Final = 45
PATIENCE: Final = 3
"""So many failures one after the other, and the endpoint is left alone until the next tick."""
GONE: Final = 410
ACTOR: Final = "system:webhooks"


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the answer's status, or why there was none."""

    milliseconds: int
    status: int | None = None
    trouble: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it: "a 2xx status"."""
        return self.status is not None and 200 <= self.status < 300


def deliver_due(district: District, job: Job) -> None:
    """Send what is due to the job's endpoint, one after the other. What is left is the next tick's."""
    until, failures = time.monotonic() + JOB_SECONDS, 0
    with schema_context("public"), Outbound(seconds=SECONDS, max_bytes=MAX_BYTES) as calls:
        while failures < PATIENCE and time.monotonic() < until:
            delivery = claim_delivery(int(job.payload["endpoint"]), clock.now())
            if delivery is None:
                return
            outcome = send_event(delivery, calls)
            settle_delivery(delivery, outcome, clock.now())
            failures = 0 if outcome.is_taken else failures + 1


def send_event(delivery: Delivery, calls: Outbound) -> Outcome:
    """Make one attempt, outside of any transaction. A redirect is an answer like others: nobody follows it."""
    began = time.monotonic()
    body = body_of(delivery.event)
    status, trouble = None, ""
    try:
        keys = [open_secret(secret.sealed) for secret in living_secrets(delivery.endpoint, clock.now())]
        headers = headers_of(delivery.event, body, keys, clock.real_now())
        status = calls.call("POST", delivery.endpoint.address, headers=headers, body=body.encode()).status
    except (OutboundError, SealBrokenError) as error:
        trouble = str(error)[:160]
    return Outcome(round((time.monotonic() - began) * 1000), status, trouble)


def settle_delivery(delivery: Delivery, outcome: Outcome, at: dt.datetime) -> None:
    """Write down what came of an attempt; one that another attempt has overtaken is not written over."""
    seen = {"tried_at": at, "status": outcome.status, "milliseconds": outcome.milliseconds, "trouble": outcome.trouble}
    pause = pause_after(delivery.attempts)
    is_gone = outcome.status == GONE
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts)
    with transaction.atomic():
        if outcome.is_taken:
            mine.update(**seen, state=State.DELIVERED, claimed_until=None)
        elif pause is None or is_gone:
            if mine.update(**seen, state=State.GIVEN_UP, claimed_until=None):
                _switch_off(delivery.endpoint, Why.GONE if is_gone else Why.FAILING, at)
        else:
            mine.update(**seen, next_at=at + pause, claimed_until=None)


def _switch_off(endpoint: Endpoint, why: Why, at: dt.datetime) -> None:
    """Send it nothing more, and tell the district's admins. What waits goes on waiting."""
    on = Endpoint.objects.filter(pk=endpoint.pk, disabled_at=None)
    if not on.update(disabled_at=at, disabled_why=why):
        return
    key, facts = f"{endpoint.pk} {at.isoformat()}", {"endpoint": endpoint.pk, "why": why.value}
    append_later(endpoint.district, "webhook_disabled", f"webhook_disabled {key}", actor=ACTOR, at=at, facts=facts)
    payload = {"endpoint": endpoint.pk, "since": at.isoformat()}
    enqueue_job(endpoint.district, notices.KIND, key, due_at=at, payload=payload)
