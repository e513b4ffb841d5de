"""Whose token a request bears. Whatever is wrong with it, the answer is the same."""

import datetime as dt
from typing import Final

from django.db.models import Q
from django.http import HttpRequest
from django_tenants.utils import schema_context
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.callers import address_of, bearer_of
from api.access.grants import Grant
from api.access.models import AccessToken, Caller, Client
from api.access.networks import comes_from
from api.access.selectors import may_enter, token_of
from tenants import clock
from tenants.models import District

USED_EVERY: Final = dt.timedelta(minutes=1)
"""How exact the last use of a client is kept."""
BAD_TOKEN: Final = "The access token is not valid here. Get a new one from /oauth/token at this address."  # noqa: S105
CHALLENGE: Final = 'Bearer realm="yearturn"'


class ClientAuthentication(BaseAuthentication):
    """Gives a view the client as `request.user` (a `Caller`) and what it may as `request.auth` (a `Grant`)."""

    def authenticate(self, request: Request) -> tuple[Caller, Grant] | None:
        """The client of the token in `Authorization: Bearer`; None where there is no such header.

        Raises:
            AuthenticationFailed: unknown, expired or revoked, or given for another host. It does not say which.
            PermissionDenied: the client may not come from this network.
        """
        bearer = bearer_of(request._request)
        if bearer is None:
            return None
        now, district = clock.now(), host_of(request._request)
        with schema_context("public"):
            token = token_of(bearer, at=now)
            if token is None or not _is_meant_for(token, district):
                raise AuthenticationFailed(BAD_TOKEN, code="invalid_token")
            client = token.client
            if not comes_from(address_of(request._request), client.networks):
                raise PermissionDenied("This client may not be used from this network.", code="network")
            _note_use(client, now)
        grant = Grant(
            client_id=client.pk,
            district_id=district.pk if district else None,
            scopes=frozenset(token.scopes) & frozenset(client.scopes),
            school_id=client.school_id,
            csm_id=client.csm_id,
        )
        return Caller.of(client, in_district=district is not None), grant

    def authenticate_header(self, request: Request) -> str:
        """The challenge that makes a refusal a 401, with the error that RFC 6750 wants where a token was sent."""
        is_bad = bearer_of(request._request) is not None
        return f'{CHALLENGE}, error="invalid_token"' if is_bad else CHALLENGE


def host_of(request: HttpRequest) -> District | None:
    """The district whose host was asked; None at the public host."""
    tenant = getattr(request, "tenant", None)
    return tenant if isinstance(tenant, District) else None


def _is_meant_for(token: AccessToken, district: District | None) -> bool:
    """Whether the host is the token's audience, and still one of its client's."""
    return token.district_id == (district.pk if district else None) and may_enter(token.client, district)


def _note_use(client: Client, now: dt.datetime) -> None:
    """Remember the use, at most once a minute and without waiting for who does the same."""
    if client.last_used_at is None or client.last_used_at <= now - USED_EVERY:
        old = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EVERY)
        Client.objects.filter(old, pk=client.pk).update(last_used_at=now)
