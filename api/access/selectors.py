"""Reading clients, and finding whose a secret or a token is."""

import datetime as dt
from typing import Final

from django.db.models import QuerySet

from api.access.models import AccessToken, Client, ClientSecret
from api.access.secrets import digest_of
from api.common.rotating import is_living
from tenants.models import District

NUL: Final = "\x00"
"""What PostgreSQL takes in no text."""


def clients_of(district: District) -> QuerySet[Client]:
    """A district's own clients, the newest first."""
    return Client.objects.filter(district=district)


def vendors_of(district: District) -> QuerySet[Client]:
    """The vendor's clients that may enter a district because it is in their book."""
    return Client.objects.filter(csm=district.csm_id, district=None) if district.csm_id else Client.objects.none()


def is_open(client: Client, *, at: dt.datetime) -> bool:
    """Whether a client is neither revoked nor expired."""
    return client.revoked_at is None and client.expires_at > at


def may_enter(client: Client, district: District | None) -> bool:
    """Whether a client has anything to do at a host: a district's, or with none the public one."""
    if client.district_id is not None:
        return district is not None and client.district_id == district.pk
    return district is None or district.csm_id == client.csm_id


def client_with(client_id: str, secret: str, *, at: dt.datetime) -> Client | None:
    """The open client that has this secret now; None tells nothing of what was wrong."""
    if NUL in client_id:
        return None
    found = ClientSecret.objects.select_related("client").filter(is_living(at), digest=digest_of(secret)).first()
    if found is None or found.client.client_id != client_id or not is_open(found.client, at=at):
        return None
    return found.client


def token_of(token: str, *, at: dt.datetime) -> AccessToken | None:
    """The token with its client while both are good; None tells nothing of what was wrong."""
    found = AccessToken.objects.select_related("client").filter(digest=digest_of(token), expires_at__gt=at).first()
    return found if found is not None and is_open(found.client, at=at) else None


def living_secrets(client: Client, *, at: dt.datetime) -> QuerySet[ClientSecret]:
    """The secrets with which a client gets tokens now, the newest first."""
    return client.secrets.filter(is_living(at))
