"""What a schedule's reset would do, in counts that are kept: a page says them at once, and a worker counts anew.

Nothing is counted for its own sake: a count is asked for when somebody looks and the one that is kept is missing,
older than a day, older than the roster's last import, of another date or of another policy.
"""

import datetime as dt
from typing import Any, Final

from django_tenants.utils import schema_context

from resets.counted_lines import NUMBERS, CountedLine, lines_of
from resets.engine.preview import Preview, PreviewLine, preview
from resets.models import PreviewCount, ResetSchedule
from resets.policies.registry import policy_for
from resets.selectors import is_reset
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.models import DistrictStatus, Job, JobState

KIND: Final = "count_preview"
OLD: Final = dt.timedelta(days=1)


def counted_preview(schedule: ResetSchedule) -> PreviewCount | None:
    """What was counted last for a schedule, in all and by category; None while it never was."""
    return PreviewCount.objects.filter(schedule=schedule).first()


def counted_lines(schedule: ResetSchedule) -> list[CountedLine]:
    """The last count by category, in the policy's order and the source's words; empty while it never was counted."""
    counted = counted_preview(schedule)
    return lines_of(schedule.suite, counted) if counted else []


def is_stale(schedule: ResetSchedule, counted: PreviewCount | None, now: dt.datetime) -> bool:
    """Whether a schedule ought to be counted anew."""
    if counted is None or counted.counted_at < now - OLD:
        return True
    if counted.reset_on != schedule.on or counted.policy_version != policy_for(schedule.suite).version:
        return True
    imported = _last_import(schedule)
    return imported is not None and counted.counted_at < imported


def open_count(schedule: ResetSchedule) -> Job | None:
    """The job that counts a schedule now, or waits to; None when there is none."""
    jobs = Job.objects.filter(district_id=schedule.district_id, kind=KIND, key__startswith=f"{schedule.pk}/")
    return jobs.filter(state__in=[JobState.WAITING, JobState.RUNNING]).first()


def ask_for_count(schedule: ResetSchedule, now: dt.datetime, *, again: bool = False) -> Job | None:
    """Have a schedule counted by a worker, unless its count is fresh or is being made; returns the job under way.

    Args:
        schedule: whose reset is counted; nothing is counted once it has been made.
        now: the current time.
        again: also when the count is fresh, or could not be made today.
    """
    if is_reset(schedule):
        return None
    if job := open_count(schedule):
        return job
    counted = counted_preview(schedule)
    if not again and not is_stale(schedule, counted, now):
        return None
    job = enqueue_job(
        schedule.district, KIND, _key(schedule, now, again=again), due_at=now, payload={"schedule_id": schedule.pk}
    )
    return job if job.state in (JobState.WAITING, JobState.RUNNING) else None


def last_failure(schedule: ResetSchedule) -> str:
    """Why the newest count could not be made; empty when it could."""
    jobs = Job.objects.filter(district_id=schedule.district_id, kind=KIND, key__startswith=f"{schedule.pk}/")
    newest = jobs.order_by("-created_at").first()
    return newest.error if newest and newest.state == JobState.FAILED else ""


def count_schedule(schedule: ResetSchedule, now: dt.datetime) -> PreviewCount:
    """Count a schedule's reset now, and keep the count.

    Raises:
        LookupError: the suite is not installed.
        PlanError: a rule cannot be applied.
    """
    found = preview(schedule.district, schedule.suite, schedule.school_year, schedule.on)
    lines = [_stored(position, line) for position, line in enumerate(found.lines)]
    with schema_context("public"):
        counted, _ = PreviewCount.objects.update_or_create(schedule=schedule, defaults=_facts(found, lines, now))
    return counted


def count_job(_: Any, job: Job) -> None:
    """Do a job of the kind `count_preview`. A date that was reset meanwhile is left alone."""
    with schema_context("public"):
        schedule = ResetSchedule.objects.select_related("district").get(pk=job.payload["schedule_id"])
        if is_reset(schedule):
            return
    count_schedule(schedule, clock.now())


def _facts(found: Preview, lines: list[dict[str, Any]], now: dt.datetime) -> dict[str, Any]:
    totals = {name: sum(line[name] for line in lines) for name in NUMBERS[1:]}
    version = found.plan.policy.version
    return {**totals, "policy_version": version, "counted_at": now, "reset_on": found.reset_on, "lines": lines}


def _stored(position: int, line: PreviewLine) -> dict[str, Any]:
    numbers = {name: getattr(line, name) for name in NUMBERS}
    return {"position": position, "category": line.rule.category, "action": line.action_words, **numbers}


def _key(schedule: ResetSchedule, now: dt.datetime, *, again: bool) -> str:
    """Names a count by the day and by the count that it replaces: one that fails is not begun anew all day long."""
    if again:
        return f"{schedule.pk}/{now.isoformat()}"
    counted = counted_preview(schedule)
    return f"{schedule.pk}/{now.date()}/{counted.counted_at.isoformat() if counted else 'first'}"


def _last_import(schedule: ResetSchedule) -> dt.datetime | None:
    status = DistrictStatus.objects.filter(district_id=schedule.district_id).values_list("last_import_at", flat=True)
    return status.first()
