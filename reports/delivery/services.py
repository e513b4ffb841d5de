"""Subscribing to a report, and ending it; the slots that the planner reads are kept with it, in one transaction."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django_tenants.utils import schema_context

from accounts.models import Role, User
from reports.asking.asked import Asked
from reports.delivery import terms
from reports.delivery.due import JOB_KIND, before_reset_payload
from reports.delivery.errors import DeliveryError
from reports.delivery.models import DeliverySlot, Every
from reports.delivery.subscriptions.models import ReportSubscription
from reports.noting import note_report
from resets.models import ResetSchedule
from resets.policies.registry import policy_for
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.models import District

SLOT = ("every", "hour", "weekday", "suite", "days")


@dataclass(frozen=True)
class Rhythm:
    """When somebody wants a report: on a weekday, or so many days before a suite's reset."""

    every: Every
    hour: int
    weekday: int | None = None
    suite: str = ""
    days: int | None = None

    def check(self) -> None:
        """Hold it against what may be chosen.

        Raises:
            DeliveryError: it is nothing that may be chosen.
        """
        if self.hour not in terms.HOURS:
            raise DeliveryError("Choose an hour of the day.")
        if self.every == Every.WEEKLY and self.weekday not in terms.WEEKDAYS:
            raise DeliveryError("Choose a day of the week.")
        if self.every == Every.BEFORE_RESET:
            if self.days not in terms.DAYS_BEFORE:
                raise DeliveryError("Choose how many days before the reset.")
            if not (self.suite and policy_for(self.suite).resettable):
                raise DeliveryError("These products are never reset: choose a day of the week.")


def subscribe(district: District, user: User, asked: Asked, rhythm: Rhythm, *, at: dt.datetime) -> ReportSubscription:
    """Send somebody a report from now on. Asking for the same again returns what there is.

    Raises:
        DeliveryError: it cannot be chosen like this, they have too many, or visit only; nothing was changed.
    """
    if user.role == Role.SUPPORT:
        raise DeliveryError("A support visit subscribes to nothing.")
    rhythm.check()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # one wish of a person at a time
        own = ReportSubscription.objects.filter(user=user, ended_at=None)
        facts = {name: getattr(rhythm, name) for name in SLOT}
        alike = own.filter(report=asked.report, filters=asked.kept, **facts)
        if same := next((each for each in alike if each.student_id == asked.student), None):
            return same
        if own.count() >= terms.OPEN_AT_MOST:
            raise DeliveryError(f"You get {terms.OPEN_AT_MOST} reports already. End one of them first.")
        made = ReportSubscription.objects.create(
            user=user, report=asked.report, filters=asked.kept, student_id=asked.student, sight=standing(user),
            created_at=at, **facts,
        )  # fmt: skip
        refresh_slots(district)
        _begin_at_once(district, made, at)
        note_report(district, "report_subscribed", actor=user.actor, at=at, facts=_facts(made))
    return made


def end_subscription(
    district: District, key: UUID, *, why: str, actor: str, at: dt.datetime, user: User | None = None
) -> bool:
    """End a subscription of the entered district; whether it was open.

    Args:
        user: whose it must be; None for the system, when the account or role has ended.
    """
    with transaction.atomic():
        found = ReportSubscription.objects.filter(pk=key, ended_at=None)
        if user is not None:
            found = found.filter(user=user)
        if not found.update(ended_at=at, ended_why=why):
            return False
        refresh_slots(district)
        facts = _facts(ReportSubscription.objects.get(pk=key))
        note_report(district, "report_unsubscribed", actor=actor, at=at, facts=facts)
    return True


def standing(user: User) -> dict[str, Any]:
    """What a subscription hangs on: who they are in the district. It ends when that changes."""
    return {"role": user.role, "school": user.school_id, "educator": user.educator_id}


def has_standing(subscription: ReportSubscription) -> bool:
    """Whether its person's account and role are what they were."""
    user: User = subscription.user
    return user.is_active and standing(user) == subscription.sight


def refresh_slots(district: District) -> None:
    """Make the district's slots what its open subscriptions need, in the caller's transaction.

    The district's row is locked: two who subscribe at once would each miss the other's slot.
    """
    with schema_context("public"):
        District.objects.select_for_update(no_key=True).get(pk=district.pk)
    open_ones = ReportSubscription.objects.filter(ended_at=None).order_by(*SLOT)
    wanted = set(open_ones.values_list(*SLOT).distinct())
    with schema_context("public"):
        kept = {tuple(getattr(slot, name) for name in SLOT): slot.pk for slot in _slots(district)}
        _slots(district).filter(pk__in=[pk for facts, pk in kept.items() if facts not in wanted]).delete()
        DeliverySlot.objects.bulk_create(
            DeliverySlot(district=district, **dict(zip(SLOT, facts, strict=True))) for facts in wanted - kept.keys()
        )


def _slots(district: District) -> Any:
    return DeliverySlot.objects.filter(district=district)


def _begin_at_once(district: District, made: ReportSubscription, at: dt.datetime) -> None:
    """A wish whose days before the reset have begun is met now: its hour's job may have been done for others."""
    if made.every != Every.BEFORE_RESET or made.days is None:
        return
    today = clock.date_in(at, district.time_zone)
    with schema_context("public"):
        schedule = ResetSchedule.objects.filter(
            district=district, suite=made.suite, school_year=district.school_year
        ).first()
    if schedule and schedule.on - dt.timedelta(days=made.days) <= today < schedule.on:
        payload = before_reset_payload(made.suite, schedule.school_year, schedule.on, made.days, made.hour)
        key = f"reset-{made.pk}-{schedule.on}"
        enqueue_job(district, JOB_KIND, key, due_at=at, payload={**payload, "subscription": str(made.pk)})


def _facts(made: ReportSubscription) -> dict[str, Any]:
    return {"subscription": str(made.pk), "report": made.report, "every": made.every}
