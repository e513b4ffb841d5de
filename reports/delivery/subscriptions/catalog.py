"""The data map of subscriptions: who gets which report. One about a single student goes when their name does."""

from reports.delivery.subscriptions import models
from tenants.datamap import Category, Key, Suite, Table

DELIVERY = Suite(
    code="report_delivery",
    name="Reports by e-mail",
    source="The district's own people, who asked for a report",
    products=(),
    categories=(
        Category(
            "report_subscriptions",
            "Reports that somebody gets by e-mail, as a link",
            (
                Table(
                    models.ReportSubscription,
                    Key.STUDENT,
                    values=(
                        "user_id", "report", "filters", "every", "hour", "weekday", "suite", "days", "sight",
                        "created_at", "ended_at", "ended_why",
                    ),
                    destroyed=True,
                ),
                Table(
                    models.ReportDelivery,
                    Key.STUDENT,
                    values=(
                        "subscription_id", "occasion", "created_at", "mail", "claimed_until", "mailed_at", "answer",
                    ),
                    destroyed=True,
                ),
            ),
            (),
        ),
    ),
)  # fmt: skip
EXEMPT: dict[str, str] = {}
"""Models of the app that the map leaves out, with the reason."""
