"""A code's keyed hash: all that is stored of a code. The key is derived from a secret of the environment."""

import hmac
from functools import cache
from hashlib import sha256

from django.conf import settings

from transfers.codes.models import TransferCode

PURPOSE = b"yearturn transfer codes, version 1"


def mac_of(code: str) -> str:
    """HMAC-SHA-256 of a code without dashes, in hexadecimal."""
    return hmac.new(_key(settings.TRANSFER_CODE_SECRET), code.encode("ascii"), sha256).hexdigest()


def code_with(code: str) -> TransferCode | None:
    """The row of a code without dashes; None when there is none such.

    It is looked up by a hash that nobody can compute who has not the key, and compared in constant time.
    """
    mac = mac_of(code)
    found = TransferCode.objects.select_related("district").filter(mac=mac).first()
    return found if found is not None and hmac.compare_digest(found.mac, mac) else None


@cache
def _key(secret: str) -> bytes:
    return hmac.new(secret.encode(), PURPOSE, sha256).digest()
