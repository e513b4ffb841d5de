"""Reading endpoints, their secrets and their log."""

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django_tenants.utils import schema_context

from api.common.rotating import is_living
from api.webhooks.models import Delivery, Endpoint, EndpointSecret, Why
from reports.asked import Ask
from tenants.models import District


def endpoints_of(district: District) -> QuerySet[Endpoint]:
    """The district's endpoints, the newest first."""
    return Endpoint.objects.filter(district=district).order_by("-pk")


def living_secrets(endpoint: Endpoint, at: dt.datetime) -> list[EndpointSecret]:
    """The secrets that sign now, the newest first."""
    return list(endpoint.secrets.filter(is_living(at)).order_by("-pk"))


def log_of(endpoint: Endpoint, after: int | None, limit: int) -> list[Delivery]:
    """What was sent or waits, the newest events first; after a delivery's key, to go on."""
    found = endpoint.deliveries.select_related("event").order_by("-pk")
    return list((found.filter(pk__lt=after) if after is not None else found)[:limit])


def webhook_asks(district: District) -> list[Ask]:
    """What the home page asks of the district's admins: endpoints that were switched off by themselves."""
    with schema_context("public"):
        off = list(endpoints_of(district).filter(disabled_why__in=(Why.FAILING, Why.GONE))[:3])
    return [
        Ask(
            f"Look after the webhook “{endpoint.description}”",
            f"{endpoint.get_disabled_why_display()}. Nothing new is sent to it.",
            "now",
            reverse("webhook", args=[endpoint.pk]),
            "See what was not taken",
        )
        for endpoint in off
    ]
