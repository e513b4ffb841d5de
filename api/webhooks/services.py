"""Making endpoints, changing them, their secrets, and sending again. Each is in the ledger, by identifiers."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from django.db import transaction
from django_tenants.utils import schema_context

from api.webhooks.errors import WebhookError
from api.webhooks.models import Delivery, Endpoint, EndpointSecret, State, Why
from api.webhooks.selectors import living_secrets
from api.webhooks.signing import new_secret
from events.services import note_event
from events.types import CHOSEN, WEBHOOK_TEST
from ledger.services import append_later
from tenants.models import District
from tenants.outbound import ForbiddenAddressError, check_address
from tenants.sealing import seal_secret

MOST: Final = 20
OFF: Final = "It is switched off: switch it on first."


def make_endpoint(
    district: District, *, address: str, description: str, types: Sequence[str], actor: str, at: dt.datetime
) -> tuple[Endpoint, str]:
    """Make an endpoint; returns it with its secret, which nobody is shown again.

    Raises:
        WebhookError: the address may not be called, a type is unknown, or there are too many endpoints.
    """
    _check(address, types)
    with schema_context("public"), transaction.atomic():
        District.objects.select_for_update(of=("self",), no_key=True).get(pk=district.pk)
        if Endpoint.objects.filter(district=district).count() >= MOST:
            raise WebhookError(f"There are {MOST} webhooks already. Change one that is not needed any more.")
        endpoint = Endpoint.objects.create(
            district=district, address=address, description=description, types=list(types), made_by=actor, made_at=at
        )
        secret = _add_secret(endpoint, at)
        _record(endpoint, "webhook_made", actor, at, {"types": list(types)})
    return endpoint, secret


def change_endpoint(
    endpoint: Endpoint, *, address: str, description: str, types: Sequence[str], actor: str, at: dt.datetime
) -> None:
    """Change where an endpoint is and what it asks for; what waits goes to the new address.

    Raises:
        WebhookError: the address may not be called, or a type is unknown.
    """
    _check(address, types)
    with schema_context("public"), transaction.atomic():
        changes = {"address": address, "description": description, "types": list(types)}
        Endpoint.objects.filter(pk=endpoint.pk).update(**changes)
        _record(endpoint, "webhook_changed", actor, at, {"types": list(types)})


def rotate_secret(endpoint: Endpoint, *, overlap: dt.timedelta, actor: str, at: dt.datetime) -> str:
    """Make a new secret and return it; until `overlap` is over the old one signs too."""
    with schema_context("public"), transaction.atomic():
        Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        old = [secret.pk for secret in living_secrets(endpoint, at)]
        EndpointSecret.objects.filter(pk__in=old[:1]).update(ends_at=at + overlap)
        EndpointSecret.objects.filter(pk__in=old[1:]).update(ends_at=at)
        secret = _add_secret(endpoint, at)
        _record(endpoint, "webhook_rotated", actor, at, {"overlap_days": overlap.days})
    return secret


def switch_endpoint(endpoint: Endpoint, *, on: bool, actor: str, at: dt.datetime) -> None:
    """Switch an endpoint on or off. What waits goes on waiting, and is sent from the first attempt when it is on."""
    with schema_context("public"), transaction.atomic():
        found = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        if on == (found.disabled_at is None):
            return
        found.disabled_at, found.disabled_why = (None, "") if on else (at, Why.PERSON)
        found.save(update_fields=["disabled_at", "disabled_why"])
        if on:
            found.deliveries.filter(state=State.WAITING).update(attempts=0, next_at=at)
        _record(endpoint, "webhook_enabled" if on else "webhook_disabled", actor, at, {})


def send_test(endpoint: Endpoint, *, actor: str, at: dt.datetime) -> None:
    """Note an event that only this endpoint is sent.

    Raises:
        WebhookError: it is switched off.
    """
    with schema_context("public"), transaction.atomic():
        _require_on(endpoint)
        subject, facts = f"webhook:{endpoint.pk}", {"endpoint": endpoint.pk}
        note_event(endpoint.district_id, WEBHOOK_TEST, subject=subject, facts=facts, at=at)
        _record(endpoint, "webhook_tested", actor, at, {})


def redeliver(delivery: Delivery, *, actor: str, at: dt.datetime) -> None:
    """Send an event again, with the id that it had, from the first attempt.

    Raises:
        WebhookError: the endpoint is switched off.
    """
    with schema_context("public"), transaction.atomic():
        _require_on(delivery.endpoint)
        waits = {"state": State.WAITING, "attempts": 0, "next_at": at, "claimed_until": None}
        if Delivery.objects.filter(pk=delivery.pk).exclude(state=State.WAITING).update(**waits):
            _record(delivery.endpoint, "webhook_redelivered", actor, at, {"event": str(delivery.event.uuid)})


def _require_on(endpoint: Endpoint) -> None:
    if Endpoint.objects.get(pk=endpoint.pk).disabled_at is not None:
        raise WebhookError(OFF)


def _check(address: str, types: Sequence[str]) -> None:
    try:
        check_address(address)
    except ForbiddenAddressError as refused:
        raise WebhookError(str(refused)) from None
    if not types or set(types) - set(CHOSEN):
        raise WebhookError("Choose at least one type of event, of those that there are.")


def _add_secret(endpoint: Endpoint, at: dt.datetime) -> str:
    secret = new_secret()
    EndpointSecret.objects.create(endpoint=endpoint, sealed=seal_secret(secret), tail=secret[-5:-1], made_at=at)
    return secret


def _record(endpoint: Endpoint, kind: str, actor: str, at: dt.datetime, facts: dict[str, Any]) -> None:
    own = {"endpoint": endpoint.pk, **facts}
    append_later(endpoint.district, kind, f"{kind} {uuid4()}", actor=actor, at=at, facts=own)
