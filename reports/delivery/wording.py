"""What the e-mails and the pages say of a subscription: the report and its rhythm, never a student or a number."""

from typing import Final

from reports.delivery import terms
from reports.delivery.models import Every
from reports.delivery.subscriptions.models import ReportDelivery, ReportSubscription
from reports.mailing.sending import Message
from reports.yearend.registry import report_named
from tenants.models import District

BEFORE: Final = "Download a copy of this year's data for your records before your reset date occurs."
"""The literacy and math sources' sentence."""


def title_of(code: str) -> str:
    """A report's title; its code where no such report is kept any more."""
    try:
        return report_named(code).title
    except LookupError:
        return code


def rhythm_words(subscription: ReportSubscription) -> str:
    """When it is sent."""
    at = f"at {terms.hour_words(subscription.hour)}"
    if subscription.every == Every.WEEKLY:
        return f"Every {terms.WEEKDAYS[subscription.weekday or 1]} {at}"
    days = subscription.days or 1
    return f"{'1 day' if days == 1 else f'{days} days'} before the reset, {at}"


def message_of(district: District, subscription: ReportSubscription, delivery: ReportDelivery, path: str) -> Message:
    """The e-mail of one occasion.

    Args:
        path: of the page that leads to the report, after the log-in.
    """
    title = title_of(subscription.report)
    why = "before the reset" if subscription.every == Every.BEFORE_RESET else "for this week"
    ready = f"The report “{title}” of {district.name} is ready for you to read."
    advice = f"\n\n{BEFORE}" if subscription.every == Every.BEFORE_RESET else ""
    return Message(
        key=delivery.pk,
        subject=f"{title} {why}",
        before=f"{ready}{advice}",
        path=path,
        after=(
            "The link asks for your log-in. The report itself is never sent by e-mail.\n\n"
            f"You asked for this: {rhythm_words(subscription).lower()}. To end it, open “Reports” on your district's "
            "site and choose “Stop sending”."
        ),
    )
