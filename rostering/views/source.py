"""Where rosters come from: what the nights import, the OneRoster provider and its pulls, the SFTP account."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import district_admin, district_of, page, today
from rostering.models import RosterProvider, Sync
from rostering.provider.errors import ProviderError
from rostering.provider.jobs import ask_pull, open_pull
from rostering.provider.pulling import SOURCE, changes_since
from rostering.provider.trying import try_connection
from rostering.services.sources import (
    Nightly,
    SourceError,
    choose_nightly,
    nightly_of,
    remove_provider,
    set_provider,
)
from rostering.sftp.accounts import MOST_KEYS, SftpKeyError, add_key, keys_of, remove_key
from rostering.sftp.folders import host_fingerprints, last_delivery
from rostering.views.words import chip_of
from tenants import clock

SECTION: Final = "rosters"
PULLS: Final = 10
CHOICES: Final = (
    (Nightly.OFF, "Nothing: rosters come by upload"),
    (Nightly.DROP, "The newest bundle in the drop folder"),
    (Nightly.PROVIDER, "A pull from the OneRoster provider"),
)


class ProviderForm(forms.Form):
    """The provider's settings. The secret is written only: a blank one keeps what is stored."""

    version = forms.ChoiceField(label="Version", choices=RosterProvider.VERSIONS)
    address = forms.CharField(
        label="Address",
        max_length=500,
        help_text="Where the rostering service is, as your provider writes it, or only its host: "
        "https://sis.example.org. It must begin with https:// and be reachable from outside of your network.",
    )
    token_address = forms.CharField(
        label="Token address",
        max_length=500,
        help_text="Where OAuth 2 access tokens are given, often ending in /token.",
    )
    client_id = forms.CharField(label="Client ID", max_length=200)
    secret = forms.CharField(
        label="Secret",
        max_length=500,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="It is kept encrypted and never shown again. Leave it blank to keep the one that is stored.",
    )


@require_safe
def roster_source(request: HttpRequest) -> HttpResponse:
    """What the nights import, the provider with its last pulls, the SFTP account with its keys."""
    district_admin(request)
    return page(request, "rosters/source.html", SECTION, _shown(request))


@require_POST
def roster_nightly(request: HttpRequest) -> HttpResponse:
    """Choose what the nights import."""
    user, chosen = district_admin(request), request.POST.get("nightly", "")
    try:
        choose_nightly(district_of(request), Nightly(chosen), actor=user.actor, at=clock.now())
    except ValueError:
        messages.error(request, "Choose one of the three. Nothing was changed.")
    except SourceError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Saved. It holds from tonight on.")
    return redirect("roster_source")


@require_http_methods(["GET", "HEAD", "POST"])
def roster_provider(request: HttpRequest) -> HttpResponse:
    """The provider's settings."""
    user, provider = district_admin(request), RosterProvider.objects.first()
    form = ProviderForm(request.POST) if request.method == "POST" else ProviderForm(initial=_known(provider))
    if request.method == "POST" and form.is_valid():
        try:
            set_provider(district_of(request), **form.cleaned_data, actor=user.actor, at=clock.now())
        except SourceError as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "Saved. Test the connection now: nothing is pulled by that.")
            return redirect("roster_source")
    context = {"form": form, "provider": provider}
    return page(request, "rosters/provider.html", SECTION, context, status=400 if form.errors else 200)


@require_POST
def roster_provider_remove(request: HttpRequest) -> HttpResponse:
    """Forget the provider and its secret."""
    user = district_admin(request)
    remove_provider(district_of(request), actor=user.actor, at=clock.now())
    messages.success(request, "The provider and its secret are removed. The roster stays as it is.")
    return redirect("roster_source")


@require_POST
def roster_provider_test(request: HttpRequest) -> HttpResponse:
    """Ask the provider what there is to read, and show the counts. Nothing is pulled."""
    district_admin(request)
    provider, tried, problem = RosterProvider.objects.first(), [], ""
    if provider is None:
        return redirect("roster_source")
    try:
        tried = try_connection(provider)
    except ProviderError as error:
        problem = str(error)
    return page(request, "rosters/tried.html", SECTION, {"provider": provider, "tried": tried, "problem": problem})


@require_POST
def roster_pull(request: HttpRequest) -> HttpResponse:
    """Pull now: what has changed, or everything."""
    user = district_admin(request)
    if not RosterProvider.objects.exists():
        messages.error(request, "Set up the OneRoster provider first.")
        return redirect("roster_source")
    whole = request.POST.get("whole") == "yes"
    district, on = district_of(request), today(request)
    return redirect("sync", ask_pull(district, actor=user.actor, as_of=on, now=clock.now(), whole=whole))


@require_POST
def sftp_key_add(request: HttpRequest) -> HttpResponse:
    """Let a public key leave bundles."""
    user, text = district_admin(request), request.POST.get("public_key", "")
    try:
        add_key(district_of(request), text, actor=user.actor, at=clock.now())
    except SftpKeyError as refused:
        context = {**_shown(request), "refusal": str(refused), "text": "" if refused.is_private else text[:3000]}
        return page(request, "rosters/source.html", SECTION, context, status=400)
    messages.success(request, "Added. Whoever has its private key can leave bundles now.")
    return redirect("roster_source")


@require_POST
def sftp_key_remove(request: HttpRequest, recipient: int) -> HttpResponse:
    """Let a key leave no more bundles, from its next connection on."""
    user = district_admin(request)
    remove_key(district_of(request), recipient, actor=user.actor, at=clock.now())
    messages.success(request, "The key is removed: it opens no new connection.")
    return redirect("roster_source")


def _known(provider: RosterProvider | None) -> dict[str, str]:
    """What the form begins with: everything that is stored but the secret."""
    names = ("version", "address", "token_address", "client_id")
    return {name: str(getattr(provider, name)) for name in names} if provider else {}


def _shown(request: HttpRequest) -> dict[str, Any]:
    district, provider = district_of(request), RosterProvider.objects.first()
    pulls = list(Sync.objects.filter(source=SOURCE).defer("counts", "warnings")[:PULLS])
    return {
        "nightly": nightly_of(district),
        "choices": CHOICES if provider else CHOICES[:2],
        "provider": provider,
        "reads_whole": provider is not None and changes_since(provider, district, today(request)) is None,
        "pulls": [(sync, chip_of(sync)) for sync in pulls],
        "running": open_pull(district),
        "sftp": {
            "host": settings.SFTP_HOST or request.get_host().partition(":")[0],
            "port": settings.SFTP_PORT,
            "account": district.slug,
            "fingerprints": host_fingerprints(),
        },
        "keys": keys_of(),
        "most_keys": MOST_KEYS,
        "delivery": _local(last_delivery(district)),
    }


def _local(found: tuple[str, dt.datetime] | None) -> dict[str, Any] | None:
    return {"name": found[0], "at": found[1]} if found else None
