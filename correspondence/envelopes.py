"""The signed address to which a letter's bounce comes back: it names the letter and the attempt, and nobody."""

import hmac
import re
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

LOCAL: Final = "bounces+"
SIGNED = 24
"""Hexadecimal digits of the signature: 96 bits. The whole local part stays under 64 characters."""
SALT: Final = "correspondence.envelopes"
ADDRESS = re.compile(r"bounces\+(\d{1,19})-(\d{1,5})-([0-9a-f]{24})@", re.ASCII | re.IGNORECASE)
LARGEST = 2**63 - 1


def return_path(letter_id: int, attempt: int) -> str:
    """Where a mail server returns this attempt of this letter."""
    return f"{LOCAL}{letter_id}-{attempt}-{_signature(letter_id, attempt)}@{settings.BOUNCE_DOMAIN}"


def letter_returned_to(text: str) -> tuple[int, int] | None:
    """The letter and the attempt of the first address in a text that we signed; none when there is no such address."""
    for match in ADDRESS.finditer(text):
        letter_id, attempt = int(match[1]), int(match[2])
        if letter_id <= LARGEST and hmac.compare_digest(match[3].lower(), _signature(letter_id, attempt)):
            return letter_id, attempt
    return None


def _signature(letter_id: int, attempt: int) -> str:
    return salted_hmac(SALT, f"{letter_id}-{attempt}", algorithm="sha256").hexdigest()[:SIGNED]
