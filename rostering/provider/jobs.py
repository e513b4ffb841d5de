"""Pulling at once, when somebody asks for it: the worker's job, and what the page asks."""

import contextlib
import datetime as dt
import uuid
from typing import Any, Final

from django_tenants.utils import schema_context
from kombu.exceptions import OperationalError

from rostering.provider.pulling import pull_roster
from tenants.jobs.registry import Kind, register_kind
from tenants.jobs.services import enqueue_job
from tenants.jobs.tasks import tick
from tenants.models import District, Job, JobState

KIND: Final = "provider_pull"


def ask_pull(district: District, *, actor: str, as_of: dt.date, now: dt.datetime, whole: bool) -> uuid.UUID:
    """Ask the worker to pull now; returns the pull's key. One that waits or runs is taken instead of a second one.

    Args:
        actor: who, as `role:key`.
        as_of: the district's date.
        whole: read everything, not only what has changed.
    """
    running = open_pull(district)
    if running is not None:
        return uuid.UUID(running.key)
    key = uuid.uuid4()
    asked = {"actor": actor, "as_of": as_of.isoformat(), "whole": whole}
    enqueue_job(district, KIND, str(key), due_at=now, payload=asked)
    with contextlib.suppress(OperationalError):  # without a broker the next tick finds it
        tick.apply_async(retry=False)
    return key


def open_pull(district: District) -> Job | None:
    """The pull that waits or runs, asked for by a person."""
    with schema_context("public"):
        jobs = Job.objects.filter(district=district, kind=KIND, state__in=[JobState.WAITING, JobState.RUNNING])
        return jobs.order_by("created_at").first()


def run_pull(district: District, job: Job) -> None:
    """Pull, and note which sync it became. Running it again does nothing more."""
    asked: dict[str, Any] = job.payload
    if "sync" in asked:
        return
    as_of = dt.date.fromisoformat(asked["as_of"])
    sync = pull_roster(district, job.key, actor=asked["actor"], as_of=as_of, whole=asked["whole"])
    with schema_context("public"):
        Job.objects.filter(pk=job.pk).update(payload={**asked, "sync": str(sync.pk)})


register_kind(Kind(KIND, run_pull, max_attempts=3))
