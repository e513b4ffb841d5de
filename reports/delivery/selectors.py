"""A person's subscriptions, as pages show them."""

import datetime as dt
from dataclasses import dataclass

from django_tenants.utils import schema_context

from accounts.models import User
from reports.delivery.models import Every
from reports.delivery.subscriptions.models import ReportDelivery, ReportSubscription
from reports.delivery.wording import rhythm_words, title_of
from reports.mailing.mailed import MailState
from resets.models import ResetSchedule
from tenants import clock
from tenants.models import District

SHOWN = 30


@dataclass(frozen=True)
class Subscribed:
    """One subscription.

    Attributes:
        next_on: the day of the next e-mail; None while the reset has no date, or for one that has ended.
        last: the newest e-mail of it, None before the first.
    """

    subscription: ReportSubscription
    title: str
    rhythm: str
    next_on: dt.date | None
    last: ReportDelivery | None


def subscriptions_of(district: District, user: User, now: dt.datetime) -> list[Subscribed]:
    """What a person gets, the open ones first, then what ended of itself. A constant number of queries."""
    wanted = ReportSubscription.objects.filter(user=user)
    found = list(wanted.filter(ended_at=None)[:SHOWN]) + list(wanted.exclude(ended_at=None)[:5])
    newest: dict[object, ReportDelivery] = {}
    sent = ReportDelivery.objects.filter(subscription__in=found).exclude(mail=MailState.SKIPPED)
    for delivery in sent.order_by("subscription_id", "-created_at").distinct("subscription_id"):
        newest[delivery.subscription_id] = delivery
    with schema_context("public"):
        schedules = ResetSchedule.objects.filter(district=district, school_year=district.school_year)
        dates = dict(schedules.values_list("suite", "on"))
    return [
        Subscribed(
            each, title_of(each.report), rhythm_words(each), next_day(each, dates, district, now), newest.get(each.pk)
        )
        for each in found
    ]


def next_day(
    subscription: ReportSubscription, dates: dict[str, dt.date], district: District, now: dt.datetime
) -> dt.date | None:
    """The district's day on which the next e-mail goes out, as the reset dates stand; None where nobody knows yet."""
    if subscription.ended_at is not None:
        return None
    today = clock.date_in(now, district.time_zone)
    if subscription.every == Every.BEFORE_RESET:
        on = dates.get(subscription.suite)
        return max(on - dt.timedelta(days=subscription.days or 1), today) if on and on > today else None
    ahead = ((subscription.weekday or 1) - today.isoweekday()) % 7
    if ahead == 0 and now >= clock.local_start(today, subscription.hour, district.time_zone):
        ahead = 7
    return today + dt.timedelta(days=ahead)
