"""The private address of a district's calendar: a secret derived from the district and its feed's serial.

Nothing secret is stored: the token is an HMAC under the site's secret key, so that renewing it is counting one up, and
the old address stops at that moment.
"""

import base64
import datetime as dt
import hmac
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.signals import post_save
from django.utils.crypto import salted_hmac
from django_tenants.utils import schema_context

from resets.models import CalendarFeed
from tenants.models import District

SALT = "resets.calendar"


def feed_of(district: District) -> CalendarFeed | None:
    """A district's feed; None while nobody has asked for an address."""
    return CalendarFeed.objects.filter(district=district).first()


def token_of(feed: CalendarFeed) -> str:
    """The secret part of a feed's address, 256 bits, in letters that an address may have."""
    mac = salted_hmac(SALT, f"{feed.district_id}:{feed.serial}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def feed_at(district: District, token: str) -> CalendarFeed | None:
    """The district's feed, if this is its address; compared in constant time. None for any other token."""
    feed = feed_of(district)
    expected = token_of(feed) if feed else token_of(CalendarFeed(district=district, serial=0))
    is_right = hmac.compare_digest(sha256(expected.encode()).digest(), sha256(token.encode()).digest())
    return feed if is_right else None


def renew_address(district: District, *, actor: str, at: dt.datetime) -> CalendarFeed:
    """Give the district's calendar an address, or a new one: the old one stops at once. Who did it is recorded."""
    with schema_context("public"), transaction.atomic():
        facts = {"renewed_at": at, "renewed_by": actor}
        feed, is_new = CalendarFeed.objects.get_or_create(district=district, defaults=facts)
        if not is_new:
            CalendarFeed.objects.filter(pk=feed.pk).update(serial=F("serial") + 1, **facts)
            feed.refresh_from_db()
    return feed


def watch_districts() -> None:
    """Count each save of a district in its feed: its own dates say whether a reset date can still come to something."""
    post_save.connect(_district_saved, sender=District, dispatch_uid="resets.calendar")


def _district_saved(*, instance: District, created: bool, **_: Any) -> None:
    if not created:
        with schema_context("public"):
            CalendarFeed.objects.filter(district=instance.pk).update(moves=F("moves") + 1)
