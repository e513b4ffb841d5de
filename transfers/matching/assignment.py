"""One to one: no two incoming students onto one record, and no one of them onto two."""

from collections.abc import Iterable
from typing import Final

LIKELY: Final = 0.5
Pair = tuple[int, int, float]
"""Incoming student, record of the site, probability."""


def assign(pairs: Iterable[Pair]) -> dict[int, int]:
    """For each incoming student at most one record, the likeliest pairs first; pairs below `LIKELY` are left out."""
    taken: set[int] = set()
    chosen: dict[int, int] = {}
    for incoming, site, probability in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if probability >= LIKELY and incoming not in chosen and site not in taken:
            chosen[incoming] = site
            taken.add(site)
    return chosen


def contested(pairs: Iterable[Pair]) -> set[int]:
    """The records of the site that more than one incoming student is likely to be."""
    seen: set[int] = set()
    twice: set[int] = set()
    for _, site, probability in pairs:
        if probability >= LIKELY:
            (twice if site in seen else seen).add(site)
    return twice
