"""Secrets of others that Yearturn must be able to use: encrypted at rest under a key of the environment.

What was sealed with an older key is still opened, as long as that key stands behind the newest one.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBrokenError(Exception):
    """The secret was sealed with a key that the environment does not have any more: it has to be entered anew."""


def seal_secret(secret: str) -> str:
    """The secret as it may be stored."""
    return _keys().encrypt(secret.encode()).decode()


def open_secret(sealed: str) -> str:
    """A stored secret.

    Raises:
        SealBrokenError: no key of today opens it.
    """
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBrokenError("A stored secret cannot be opened with today's keys: enter it anew.") from None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_derived(text)) for text in settings.SEALING_KEYS])


def _derived(text: str) -> bytes:
    """A key of the right length from a text of the environment, used for nothing else."""
    purpose = HKDF(algorithm=SHA256(), length=32, salt=sha256(b"yearturn").digest(), info=b"sealed secrets")
    return urlsafe_b64encode(purpose.derive(text.encode()))
