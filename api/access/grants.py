"""What a request of a client is allowed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Grant:
    """Who asks with a token, at which host, and for what it was given. A view reads it as `request.auth`.

    Attributes:
        client_id: the client's key.
        district_id: the district whose host was asked; none at the public host.
        scopes: what both the token and, by now, its client allow.
        school_id: the one school that the client may see; none: all.
        csm_id: whose book a vendor's client may enter; none for a district's own.
    """

    client_id: int
    district_id: int | None
    scopes: frozenset[str]
    school_id: int | None = None
    csm_id: int | None = None

    @property
    def actor(self) -> str:
        """How records name the client."""
        return f"client:{self.client_id}"
