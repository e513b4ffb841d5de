"""The installation's signature: Ed25519 (RFC 8032), over bytes that are the same wherever they are written.

What is signed is canonical JSON (RFC 8785), so that whoever checks a document needs its values, not its typography. A
key is named by the start of its public half's SHA-256. Retired keys stay known, so that what they signed stays checked.
"""

import base64
import hashlib
from functools import cache
from typing import Any, NamedTuple

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NAME_SYMBOLS = 16


class Signature(NamedTuple):
    """A signature, and the name of the key that made it; both ASCII."""

    key: str
    value: str


def canonical(document: Any) -> bytes:
    """The bytes of a JSON value by RFC 8785.

    Raises:
        ValueError: it holds what JSON cannot say, or an integer beyond 2**53.
    """
    return rfc8785.dumps(document)


def sign(payload: bytes) -> Signature:
    """Sign bytes with the installation's own key."""
    key = _private_key(settings.SIGNING_KEY)
    return Signature(key_name(_raw(key.public_key())), base64.b64encode(key.sign(payload)).decode("ascii"))


def is_signed(payload: bytes, signature: Signature, keys: dict[str, bytes] | None = None) -> bool:
    """Whether a known key made this signature of these bytes.

    Args:
        keys: public keys by name; the installation's own and retired ones by default.
    """
    public = (public_keys() if keys is None else keys).get(signature.key)
    if public is None:
        return False
    try:
        value = base64.b64decode(signature.value, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(value, payload)
    except (InvalidSignature, ValueError):
        return False
    return base64.b64encode(value).decode("ascii") == signature.value


def public_keys() -> dict[str, bytes]:
    """The keys whose signatures count here, by name: the one that signs now, and those that did."""
    own = _raw(_private_key(settings.SIGNING_KEY).public_key())
    retired = [_decoded(text, "SIGNING_RETIRED_KEYS") for text in settings.SIGNING_RETIRED_KEYS]
    return {key_name(raw): raw for raw in (own, *retired)}


def key_name(public: bytes) -> str:
    """The name of a public key, of its 32 raw bytes."""
    return hashlib.sha256(public).hexdigest()[:NAME_SYMBOLS]


@cache
def _private_key(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_decoded(text, "SIGNING_KEY"))


def _decoded(text: str, setting: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise ImproperlyConfigured(f"{setting} must be {KEY_BYTES} bytes in base64: see `openssl rand -base64 32`")
    return raw


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)
