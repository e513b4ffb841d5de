"""The job of an hour: each subscription that is due, one e-mail with a link, at most once for each occasion."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django_tenants.utils import schema_context

from correspondence.errors import LaterError
from reports.delivery.models import Every
from reports.delivery.services import end_subscription, has_standing
from reports.delivery.subscriptions.models import ReportDelivery, ReportSubscription
from reports.delivery.wording import message_of
from reports.mailing.mailed import MailState, mark_abandoned, skip_mail
from reports.mailing.sending import send_once
from resets.models import ResetRun, ResetSchedule, RunState
from tenants import clock
from tenants.models import District, Job

SYSTEM = "system:reports"
ENDED = "The person's account, role or school is not what it was."
MOVED = "The reset date has moved or has come."


def send_due(district: District, job: Job) -> None:
    """Send what an hour's job names, in the entered district; done twice it sends nothing again.

    Raises:
        LaterError: the mail server took some of them not yet, or cannot be reached; the job is tried again.
    """
    mark_abandoned(ReportDelivery)
    _make_deliveries(district, job.payload)
    still = is_still_due(district, job.payload)
    later = 0
    for delivery in _waiting(job.payload):
        later += _send(district, delivery, still)
    if later:
        raise LaterError(f"{later} e-mails with reports were not taken yet by the mail server")


def deliveries_failed(_district: District, job: Job, error: str) -> None:
    """The job has failed for good: what still waits is not sent any more."""
    for delivery in _waiting(job.payload):
        skip_mail(delivery, f"It was tried for a day. {error}")


def is_still_due(district: District, payload: dict[str, Any]) -> bool:
    """Whether an occasion stands: a reset date may have moved, or its run begun, since the job was asked for."""
    if payload["every"] == Every.WEEKLY:
        return True
    of = {"district": district, "suite": payload["suite"], "school_year": payload["school_year"]}
    on = dt.date.fromisoformat(payload["on"])
    with schema_context("public"):
        stands = ResetSchedule.objects.filter(**of, on=on).exists()
        begun = ResetRun.objects.filter(**of, state__in=(RunState.RUNNING, RunState.COMPLETED)).exists()
    return stands and not begun and clock.today_in(district.time_zone) < on


def occasion_of(payload: dict[str, Any]) -> str:
    """How an occasion is named; a subscription has one e-mail for each."""
    if payload["every"] == Every.WEEKLY:
        return str(payload["on"])
    return f"{payload['suite']} {payload['school_year']} on {payload['on']}"


def _make_deliveries(district: District, payload: dict[str, Any]) -> None:
    """One for each subscription that is due; whoever asked after the hour of a weekly one waits for the next."""
    due = _due(payload)
    if payload["every"] == Every.WEEKLY:
        moment = clock.local_start(dt.date.fromisoformat(payload["on"]), payload["hour"], district.time_zone)
        due = due.filter(created_at__lt=moment)
    at, occasion = clock.now(), occasion_of(payload)
    ReportDelivery.objects.bulk_create(
        (
            ReportDelivery(
                subscription_id=key, student_id=student, occasion=occasion, created_at=at, mail=MailState.WAITING
            )
            for key, student in due.values_list("pk", "student_id")
        ),
        ignore_conflicts=True,
    )


def _due(payload: dict[str, Any]) -> QuerySet[ReportSubscription]:
    found = ReportSubscription.objects.filter(every=payload["every"], hour=payload["hour"], ended_at=None)
    if payload["every"] == Every.WEEKLY:
        found = found.filter(weekday=dt.date.fromisoformat(payload["on"]).isoweekday())
    else:
        found = found.filter(suite=payload["suite"], days=payload["days"])
    return found.filter(pk=payload["subscription"]) if "subscription" in payload else found


def _waiting(payload: dict[str, Any]) -> list[ReportDelivery]:
    waiting = ReportDelivery.objects.filter(
        mail=MailState.WAITING, occasion=occasion_of(payload), subscription__hour=payload["hour"]
    )
    if "subscription" in payload:
        waiting = waiting.filter(subscription_id=payload["subscription"])
    return list(waiting.select_related("subscription__user").order_by("created_at", "pk"))


def _send(district: District, delivery: ReportDelivery, is_due: bool) -> bool:
    """Send one; whether it has to be tried again."""
    subscription = delivery.subscription
    why = "" if is_due else MOVED
    if not has_standing(subscription):
        end_subscription(district, subscription.pk, why=ENDED, actor=SYSTEM, at=clock.now())
        why = ENDED
    if why or subscription.ended_at is not None:
        skip_mail(delivery, why or ENDED)
        return False
    path = reverse("report_delivery", args=[subscription.pk], urlconf="config.urls_tenant")
    message = message_of(district, subscription, delivery, path)
    state = send_once(delivery, district, subscription.user.email, message, clock.now)
    return state == MailState.WAITING
