"""What oauthlib asks of us while it answers the token endpoint by RFC 6749: clients, scopes, and keeping the token.

oauthlib is the protocol of django-oauth-toolkit. The toolkit's models are for people who grant access in a browser:
they point at the table of users, which each schema has one of, and know one secret for each client.
"""

import base64
import binascii
import datetime as dt
from typing import Any, Final
from urllib.parse import unquote_plus

from oauthlib.oauth2 import RequestValidator
from oauthlib.oauth2.rfc6749.errors import UnauthorizedClientError

from accounts.callers import Address
from api.access.models import AccessToken, Client
from api.access.networks import comes_from
from api.access.secrets import digest_of
from api.access.selectors import client_with, may_enter
from tenants.models import District

TOKEN_SECONDS: Final = 3600
GRANT: Final = "client_credentials"


class ClientValidator(RequestValidator):  # type: ignore[misc]  # oauthlib has no types
    """The answers for one request at one host."""

    def __init__(self, district: District | None, address: Address | None, at: dt.datetime) -> None:
        super().__init__()
        self.district, self.address, self.at = district, address, at

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Always: there are no clients without a secret."""
        return True

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Who asks, by HTTP Basic or in the body; false, whatever is wrong, also where the host is not theirs.

        Raises:
            UnauthorizedClientError: it is them, but from another network than is allowed.
        """
        given = _basic(request.headers.get("Authorization")) or (request.client_id, request.client_secret)
        if not given[0] or not given[1]:
            return False
        client = client_with(given[0], given[1], at=self.at)
        if client is None or not may_enter(client, self.district):
            return False
        if not comes_from(self.address, client.networks):
            raise UnauthorizedClientError(description="This client may not be used from this network.")
        request.client = client
        return True

    def validate_grant_type(self, client_id: str, grant_type: str, client: Client, *_: Any, **__: Any) -> bool:
        """Client credentials only."""
        return grant_type == GRANT

    def get_default_scopes(self, client_id: str, request: Any, *_: Any, **__: Any) -> list[str]:
        """Everything that the client may, where it does not say what it wants."""
        return list(request.client.scopes)

    def validate_scopes(self, client_id: str, scopes: list[str], client: Client, *_: Any, **__: Any) -> bool:
        """Whether the client may all that it asks for."""
        return bool(scopes) and set(scopes) <= set(client.scopes)

    def save_bearer_token(self, token: dict[str, Any], request: Any, *_: Any, **__: Any) -> None:
        """Keep the token's digest, and forget the client's tokens that have run out."""
        client: Client = request.client
        client.tokens.filter(expires_at__lte=self.at).delete()
        ends = min(self.at + dt.timedelta(seconds=TOKEN_SECONDS), client.expires_at)
        AccessToken.objects.create(
            client=client,
            digest=digest_of(token["access_token"]),
            district=self.district,
            scopes=token["scope"].split(),
            made_at=self.at,
            expires_at=ends,
        )
        token["expires_in"] = int((ends - self.at).total_seconds())

    def revoke_token(self, token: str, token_type_hint: str, request: Any, *_: Any, **__: Any) -> None:
        """End a token of the client that asks (RFC 7009); one of somebody else's stays, and nothing tells."""
        request.client.tokens.filter(digest=digest_of(token)).delete()


def _basic(header: str | None) -> tuple[str, str] | None:
    """The two parts of `Authorization: Basic`, which RFC 6749 has encoded as in a form; None where it is none."""
    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return unquote_plus(name), unquote_plus(secret)
