"""The short number of a certificate: printed on it, read out over the telephone, and in its QR code."""

import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
SYMBOLS: Final = 12
GROUP: Final = 4
_MEANT: Final = str.maketrans("ILO", "110")


def new_number() -> str:
    """A random number such as `7K3M-9QXW-2B5D`: 60 bits, so that nobody finds one by trying."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS)))


def read_number(text: str) -> str:
    """The number that somebody has typed or scanned; empty when it is none.

    >>> read_number(" 7k3m 9qxw2b5d "), read_number("O000-0000-000I"), read_number("7K3M")
    ('7K3M-9QXW-2B5D', '0000-0000-0001', '')
    """
    plain = "".join(text.upper().split()).replace("-", "").translate(_MEANT)
    return _grouped(plain) if len(plain) == SYMBOLS and set(plain) <= set(ALPHABET) else ""


def _grouped(plain: str) -> str:
    return "-".join(plain[at : at + GROUP] for at in range(0, len(plain), GROUP))
