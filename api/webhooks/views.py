"""The pages "Webhooks": which addresses are told what happens, and what became of each event."""

import datetime as dt
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.pages import Chip, district_admin, district_of, moment, page, whole_number
from api.webhooks.errors import WebhookError
from api.webhooks.forms import EndpointForm, RotateForm
from api.webhooks.models import Delivery, Endpoint, State
from api.webhooks.selectors import endpoints_of, living_secrets, log_of
from api.webhooks.services import (
    change_endpoint,
    make_endpoint,
    redeliver,
    rotate_secret,
    send_test,
    switch_endpoint,
)
from events.types import TYPES
from tenants import clock

SECTION: Final = "webhooks"
PER_PAGE: Final = 25
CHIPS: Final = {
    State.WAITING: Chip("Waits", "warn", "■"),
    State.DELIVERED: Chip("Delivered", "good", "●"),
    State.GIVEN_UP: Chip("Given up", "bad", "▲"),
}


@require_http_methods(["GET", "HEAD"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """The list, the newest first: there are twenty at most."""
    district_admin(request)
    rows = [(endpoint, chip_of(endpoint)) for endpoint in endpoints_of(district_of(request))]
    return page(request, "webhooks/list.html", SECTION, {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def webhook_new(request: HttpRequest) -> HttpResponse:
    """The form of a new webhook; a POST makes it, and its answer is the one page that ever shows the secret."""
    user = district_admin(request)
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found, secret = make_endpoint(district_of(request), **form.cleaned_data, actor=user.actor, at=clock.now())
        except WebhookError as refused:
            form.add_error(None, str(refused))
        else:
            return page(request, "webhooks/secret.html", SECTION, {"endpoint": found, "secret": secret})
    return page(request, "webhooks/new.html", SECTION, {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, endpoint: int) -> HttpResponse:
    """One webhook: its state, its secrets, what it asks for, and its log. A POST changes it."""
    user, found = district_admin(request), _own(request, endpoint)
    asked = {"address": found.address, "description": found.description, "types": found.types}
    form = EndpointForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid():
        change_endpoint(found, **form.cleaned_data, actor=user.actor, at=clock.now())
        messages.success(request, "It is changed. What waits goes to the address that it has now.")
        return redirect("webhook", found.pk)
    return page(request, "webhooks/webhook.html", SECTION, _shown(request, found, form), 400 if form.errors else 200)


@require_POST
def webhook_rotate(request: HttpRequest, endpoint: int) -> HttpResponse:
    """A new secret, shown once; the old one ends when the form says."""
    user, found = district_admin(request), _own(request, endpoint)
    form = RotateForm(request.POST)
    if not form.is_valid():
        return redirect("webhook", found.pk)
    secret = rotate_secret(found, overlap=form.lasts(), actor=user.actor, at=clock.now())
    return page(request, "webhooks/secret.html", SECTION, {"endpoint": found, "secret": secret})


@require_POST
def webhook_switch(request: HttpRequest, endpoint: int) -> HttpResponse:
    """Switch it on or off."""
    user, found = district_admin(request), _own(request, endpoint)
    on = request.POST.get("on") == "1"
    switch_endpoint(found, on=on, actor=user.actor, at=clock.now())
    messages.success(request, "It is on. What waits is sent within a minute." if on else "It is off.")
    return redirect("webhook", found.pk)


@require_POST
def webhook_test(request: HttpRequest, endpoint: int) -> HttpResponse:
    """Send it a test."""
    user, found = district_admin(request), _own(request, endpoint)
    try:
        send_test(found, actor=user.actor, at=clock.now())
    except WebhookError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "A test is sent within a minute. It is in the log then.")
    return redirect("webhook", found.pk)


@require_POST
def webhook_again(request: HttpRequest, endpoint: int, delivery: int) -> HttpResponse:
    """Send one event again."""
    user, found = district_admin(request), _own(request, endpoint)
    kept = get_object_or_404(Delivery.objects.select_related("endpoint", "event"), pk=delivery, endpoint=found)
    try:
        redeliver(kept, actor=user.actor, at=clock.now())
    except WebhookError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "It is sent again within a minute, with the id that it had.")
    return redirect("webhook", found.pk)


def chip_of(endpoint: Endpoint) -> Chip:
    """An endpoint's state in words."""
    if endpoint.disabled_at is None:
        return Chip("On", "good", "●")
    return Chip("Off", "", "○") if endpoint.disabled_why == "person" else Chip("Off: it failed", "bad", "▲")


def _own(request: HttpRequest, key: int) -> Endpoint:
    return get_object_or_404(endpoints_of(district_of(request)), pk=key)


def _shown(request: HttpRequest, endpoint: Endpoint, form: EndpointForm) -> dict[str, Any]:
    after, now = whole_number(request.GET.get("after", "")), moment(request)
    log = log_of(endpoint, after, PER_PAGE + 1)
    return {
        "endpoint": endpoint,
        "form": form,
        "rotate": RotateForm(),
        "chip": chip_of(endpoint),
        "secrets": living_secrets(endpoint, now),
        "log": [_line(delivery, now) for delivery in log[:PER_PAGE]],
        "next": log[PER_PAGE - 1].pk if len(log) > PER_PAGE else None,
        "is_first": after is None,
    }


def _line(delivery: Delivery, now: dt.datetime) -> dict[str, Any]:
    waits = delivery.state == State.WAITING
    return {
        "delivery": delivery,
        "words": TYPES[delivery.event.type].words,
        "chip": CHIPS[State(delivery.state)],
        "again_at": delivery.next_at if waits and delivery.next_at > now else None,
        "is_over": not waits,
    }
