"""Numbers and ids that follow from the seed alone."""

import datetime as dt
from collections.abc import Sequence
from hashlib import blake2b
from random import Random

EPOCH = dt.datetime(2010, 1, 1, tzinfo=dt.UTC)


def digest(seed: int, *parts: object) -> bytes:
    """16 bytes that follow from the seed and the parts."""
    return blake2b(repr((seed, *parts)).encode(), digest_size=16).digest()


def dice(seed: int, *parts: object) -> Random:
    """A generator of random numbers of its own for each combination of parts."""
    return Random(digest(seed, *parts))


def chance(seed: int, *parts: object) -> float:
    """One number in [0, 1)."""
    return int.from_bytes(digest(seed, *parts)[:6]) / 2**48


def pick(seed: int, bound: int, *parts: object) -> int:
    """One whole number in [0, bound)."""
    return int.from_bytes(digest(seed, *parts)[:8]) % bound


def ordered_id(seed: int, number: int, *parts: object) -> str:
    """A UUID (version 7) whose order is that of the numbers, as a vendor's database would have handed them out."""
    millis = int(EPOCH.timestamp() * 1000) + number * 1000
    rest = int.from_bytes(digest(seed, number, *parts)[:10])
    bits = (millis << 80) | (0x7 << 76) | ((rest >> 68) & 0xFFF) << 64 | (0b10 << 62) | (rest & (2**62 - 1))
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def weighted(rng: Random, choices: Sequence[tuple[str, float]]) -> str:
    """One of the choices, by weight."""
    return rng.choices([name for name, _ in choices], [weight for _, weight in choices])[0]
