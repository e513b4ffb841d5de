"""The pages "Programs": which other programs are let in, with what, from where and until when."""

import datetime as dt
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.pages import Chip, district_admin, district_of, moment, page, today, whole_number
from api.access.errors import ClientError
from api.access.forms import ClientForm, NewClientForm, RotateForm
from api.access.models import Client
from api.access.scopes import SCOPES
from api.access.selectors import clients_of, living_secrets, vendors_of
from api.access.services import change_client, make_client, revoke_client, rotate_secret
from holds.people import names_of
from rostering.models import School
from tenants import clock

SECTION: Final = "clients"
A_YEAR: Final = dt.timedelta(days=365)
SOON: Final = dt.timedelta(days=14)
PER_PAGE: Final = 25
CHANGED: Final = "It is changed. For tokens that the program has already, too."


@require_http_methods(["GET", "HEAD"])
def clients(request: HttpRequest) -> HttpResponse:
    """The list: the district's own, the newest first, and the vendor's that may come in."""
    district_admin(request)
    district, now = district_of(request), moment(request)
    after = whole_number(request.GET.get("after", ""))
    rows = list((clients_of(district).filter(pk__lt=after) if after else clients_of(district))[: PER_PAGE + 1])
    context = {
        "rows": [(client, chip_of(client, now)) for client in rows[:PER_PAGE]],
        "next": rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None,
        "is_first": after is None,
        "vendors": [(client, chip_of(client, now), _words(client)) for client in vendors_of(district)],
    }
    return page(request, "clients/list.html", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
def client_new(request: HttpRequest) -> HttpResponse:
    """The form of a new program; a POST makes it, and its answer is the one page that ever shows the secret."""
    user, district = district_admin(request), district_of(request)
    form = NewClientForm(request.POST or None, initial={"expires_on": today(request) + A_YEAR})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            client, secret = make_client(
                district=district,
                name=said["name"],
                scopes=said["scopes"],
                expires_at=form.ends_at(district.time_zone),
                networks=said["networks"],
                school_id=int(said["school"]) if said["school"] else None,
                actor=user.actor,
                at=clock.now(),
            )
        except ClientError as refused:
            form.add_error(None, str(refused))
        else:
            return _shown_once(request, client, secret)
    return page(request, "clients/new.html", SECTION, {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def client(request: HttpRequest, client: int) -> HttpResponse:
    """One program: what it may, its secrets, its last use. A POST changes it."""
    user, district = district_admin(request), district_of(request)
    found = _own(request, client)
    form = ClientForm(request.POST or None, initial=_initial(found, district.time_zone))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            change_client(
                found,
                name=said["name"],
                scopes=said["scopes"],
                expires_at=form.ends_at(district.time_zone),
                networks=said["networks"],
                actor=user.actor,
                at=clock.now(),
            )
        except ClientError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, CHANGED)
            return redirect("client", found.pk)
    return page(request, "clients/client.html", SECTION, _shown(request, found, form), 400 if form.errors else 200)


@require_POST
def client_rotate(request: HttpRequest, client: int) -> HttpResponse:
    """A new secret, shown once; the old one ends when the form says."""
    user, found = district_admin(request), _own(request, client)
    form = RotateForm(request.POST)
    if not form.is_valid():
        return redirect("client", found.pk)
    try:
        secret = rotate_secret(found, overlap=form.lasts(), actor=user.actor, at=clock.now())
    except ClientError as refused:
        messages.error(request, str(refused))
        return redirect("client", found.pk)
    return _shown_once(request, found, secret)


@require_http_methods(["GET", "HEAD", "POST"])
def client_revoke(request: HttpRequest, client: int) -> HttpResponse:
    """Letting a program in no more: what follows is said first."""
    user, found = district_admin(request), _own(request, client)
    if request.method == "POST":
        revoke_client(found, actor=user.actor, at=clock.now())
        messages.success(request, f"{found.name} is let in no more. Its tokens ended at once.")
        return redirect("clients")
    return page(request, "clients/revoke.html", SECTION, {"client": found})


def chip_of(client: Client, now: dt.datetime) -> Chip:
    """A client's state in words."""
    if client.revoked_at is not None:
        return Chip("Revoked", "", "○")
    if client.expires_at <= now:
        return Chip("Expired", "bad", "▲")
    if client.expires_at <= now + SOON:
        return Chip("Ends soon", "warn", "■")
    return Chip("Let in", "good", "●")


def _own(request: HttpRequest, key: int) -> Client:
    return get_object_or_404(clients_of(district_of(request)), pk=key)


def _shown_once(request: HttpRequest, client: Client, secret: str) -> HttpResponse:
    address = request.build_absolute_uri("/oauth/token")
    return page(request, "clients/secret.html", SECTION, {"client": client, "secret": secret, "address": address})


def _initial(client: Client, time_zone: str) -> dict[str, Any]:
    last = clock.date_in(client.expires_at - dt.timedelta(seconds=1), time_zone)
    networks = "\n".join(client.networks)
    return {"name": client.name, "expires_on": last, "networks": networks, "scopes": client.scopes}


def _shown(request: HttpRequest, client: Client, form: ClientForm) -> dict[str, Any]:
    names = names_of(actor for actor in (client.made_by, client.revoked_by) if actor)
    school = School.objects.filter(pk=client.school_id).first() if client.school_id else None
    return {
        "client": client,
        "form": form,
        "rotate": RotateForm(),
        "chip": chip_of(client, moment(request)),
        "secrets": living_secrets(client, at=moment(request)),
        "made_by": names.get(client.made_by, ""),
        "revoked_by": names.get(client.revoked_by, ""),
        "school": school,
        "words": _words(client),
    }


def _words(client: Client) -> list[str]:
    return [SCOPES[name] for name in client.scopes if name in SCOPES]
