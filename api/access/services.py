"""Making, changing, rotating and revoking clients. Each is an entry of the ledger of each district concerned."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django_tenants.utils import schema_context

from api.access.errors import ClientError
from api.access.models import Client, ClientSecret
from api.access.scopes import VENDOR_ONLY, known_scopes
from api.access.secrets import digest_of, new_client_id, new_secret
from ledger.services import append_later
from tenants.models import Csm, District

MOST_CLIENTS: Final = 100
LONGEST: Final = dt.timedelta(days=2 * 366)
"""Nobody thinks of a client again that never expires."""
TAIL: Final = 4


def make_client(
    *,
    district: District | None = None,
    csm: Csm | None = None,
    name: str,
    scopes: Sequence[str],
    expires_at: dt.datetime,
    networks: Sequence[str] = (),
    school_id: int | None = None,
    actor: str,
    at: dt.datetime,
) -> tuple[Client, str]:
    """A client of a district, or of a CSM's book, with its first secret, which nobody can read again.

    Raises:
        ClientError: nothing is allowed, the date is none, or there are too many.
    """
    allowed = _allowed(scopes, is_vendors=district is None)
    _check_end(expires_at, at)
    with schema_context("public"), transaction.atomic():
        if Client.objects.filter(district=district, csm=csm, revoked_at=None).count() >= MOST_CLIENTS:
            raise ClientError(f"There are {MOST_CLIENTS} clients: revoke one that is not used any more.")
        client = Client.objects.create(
            client_id=new_client_id(),
            district=district,
            csm=csm,
            name=name,
            scopes=allowed,
            school_id=school_id,
            networks=list(networks),
            expires_at=expires_at,
            made_by=actor,
            made_at=at,
        )
        secret = _add_secret(client, at)
        _note(client, "client_made", _facts(client), actor=actor, at=at)
    return client, secret


def change_client(
    client: Client,
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: dt.datetime,
    networks: Sequence[str],
    actor: str,
    at: dt.datetime,
) -> Client:
    """Change what a client may do, from where and until when: for tokens that it has, too, with the next request.

    Raises:
        ClientError: it is revoked, nothing is allowed, or the date is none.
    """
    allowed = _allowed(scopes, is_vendors=client.district_id is None)
    if expires_at != client.expires_at:
        _check_end(expires_at, at)
    with schema_context("public"), transaction.atomic():
        found = _locked(client)
        found.name, found.scopes, found.networks, found.expires_at = name, allowed, list(networks), expires_at
        found.save(update_fields=["name", "scopes", "networks", "expires_at"])
        _note(found, "client_changed", _facts(found), actor=actor, at=at)
    return found


def rotate_secret(client: Client, *, overlap: dt.timedelta, actor: str, at: dt.datetime) -> str:
    """A new secret; the ones before end after the overlap, so that the program can be told the new one meanwhile.

    Raises:
        ClientError: it is revoked.
    """
    with schema_context("public"), transaction.atomic():
        found = _locked(client)
        ends = at + overlap
        found.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=ends)).update(ends_at=ends)
        secret = _add_secret(found, at)
        facts = {"client": found.pk, "old_ends_at": ends.isoformat()}
        _note(found, "client_rotated", facts, actor=actor, at=at)
    return secret


def revoke_client(client: Client, *, actor: str, at: dt.datetime) -> None:
    """Let a client in no more, from this moment on; its tokens end with it. Asking twice is harmless."""
    with schema_context("public"), transaction.atomic():
        found = Client.objects.select_for_update().get(pk=client.pk)
        if found.revoked_at is not None:
            return
        found.revoked_at, found.revoked_by = at, actor
        found.save(update_fields=["revoked_at", "revoked_by"])
        found.tokens.all().delete()
        found.secrets.all().delete()
        _note(found, "client_revoked", {"client": found.pk}, actor=actor, at=at)


def _locked(client: Client) -> Client:
    found = Client.objects.select_for_update().get(pk=client.pk)
    if found.revoked_at is not None:
        raise ClientError("This client is revoked: make a new one.")
    return found


def _allowed(scopes: Sequence[str], *, is_vendors: bool) -> list[str]:
    allowed = [scope for scope in known_scopes(scopes) if is_vendors or scope not in VENDOR_ONLY]
    if not allowed:
        raise ClientError("Choose at least one thing that the program may do.")
    return allowed


def _check_end(expires_at: dt.datetime, at: dt.datetime) -> None:
    if not at < expires_at <= at + LONGEST:
        raise ClientError("Choose a day within the next two years.")


def _add_secret(client: Client, at: dt.datetime) -> str:
    secret = new_secret()
    ClientSecret.objects.create(client=client, digest=digest_of(secret), tail=secret[-TAIL:], made_at=at)
    return secret


def _facts(client: Client) -> dict[str, Any]:
    return {
        "client": client.pk,
        "scopes": list(client.scopes),
        "networks": len(client.networks),
        "expires_at": client.expires_at.isoformat(),
        "school": client.school_id,
    }


def _note(client: Client, kind: str, facts: dict[str, Any], *, actor: str, at: dt.datetime) -> None:
    """The entry, as a job: nobody who closes a door waits for a reset that holds the district's lock."""
    key = f"{kind}:{client.pk}:{at.isoformat()}"
    districts = District.objects.filter(removed_at=None)
    mine = districts.filter(pk=client.district_id) if client.district_id else districts.filter(csm=client.csm_id)
    for district in mine:
        append_later(district, kind, key, actor=actor, at=at, facts=facts)
