"""Making and keeping what opens the door: shown once, kept as a digest."""

import hashlib
import secrets
from typing import Final

CLIENT: Final = "ytc_"
SECRET: Final = "yts_"  # noqa: S105 - the beginning only
TOKEN: Final = "ytt_"  # noqa: S105
"""What each begins with, so that a search for leaked ones finds them and knows whose they are."""
BYTES: Final = 32


def new_client_id() -> str:
    """A client's public name."""
    return CLIENT + secrets.token_hex(12)


def new_secret() -> str:
    """A client's secret: 256 random bits."""
    return SECRET + secrets.token_urlsafe(BYTES)


def new_token() -> str:
    """An access token: 256 random bits."""
    return TOKEN + secrets.token_urlsafe(BYTES)


def digest_of(text: str) -> str:
    """What is kept of a secret or token."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
