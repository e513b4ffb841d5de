"""A district's client with a token, and whoever asks with it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from api.access.models import Client
from api.access.scopes import SCOPES, VENDOR_ONLY
from api.access.services import make_client
from tenants.models import District
from tests.support.people import client_at

NOW = dt.datetime(2026, 6, 24, 15, tzinfo=dt.UTC)
ALL = [scope for scope in SCOPES if scope not in VENDOR_ONLY]
FORM = "application/x-www-form-urlencoded"


def new_client(district: District | None, **facts: Any) -> tuple[Client, str]:
    """A client that may everything, for a year, unless a test says otherwise."""
    given = {"name": "Northwind SIS", "scopes": ALL, "expires_at": NOW + dt.timedelta(days=365), **facts}
    return make_client(district=district, actor="district_admin:1", at=NOW, **given)


def ask_token(place: District | None, client_id: str, secret: str, **more: str) -> Any:
    """What the token endpoint of a host answers."""
    body = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, **more}
    sent = "&".join(f"{name}={value}" for name, value in body.items() if value)
    return client_at(place).post("/oauth/token", sent, content_type=FORM)


def with_token(place: District | None, client: Client, secret: str, **more: str) -> Browser:
    """A program that bears a token of a host in all its requests to it."""
    answer = ask_token(place, client.client_id, secret, **more)
    assert answer.status_code == 200, answer.content
    browser = client_at(place)
    browser.defaults["HTTP_AUTHORIZATION"] = f"Bearer {answer.json()['access_token']}"
    return browser


@pytest.fixture
def now(clock: Callable[[str], dt.datetime]) -> dt.datetime:
    """It is June 24, 2026."""
    return clock(NOW.isoformat())


@pytest.fixture
def program(district: District, now: dt.datetime) -> Browser:
    """A program that may everything in the district."""
    return with_token(district, *new_client(district))
