"""From evidence to probability: against strangers, siblings and twins, and against the other records of the site.

A brother's record agrees in family name and guardians, a twin's in the birth date too. Weighed only against two
children picked at random such a pair would look like a match; so it is weighed against siblings and twins as well, as
often as a site has them, by how they agree. The share of incoming students who are on the site is not known beforehand
and differs from import to import: it is estimated from the import itself, again without labels.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, log2
from typing import Final

from transfers.matching.levels import MISSING
from transfers.matching.parameters import Parameters, Shares
from transfers.matching.scoring import Scored

KNOWN_BITS: Final = 40.0
"""What it weighs that an earlier import brought the same student to this record."""
BEFORE: Final = (1.0, 2.0)
"""What is believed before an import is seen: of three students one is on the site already."""
ROUNDS: Final = 20
ENOUGH: Final = 0.001
"""Rounds end when the share of those who are on the site moves by less."""


Grouped = Mapping[int, Sequence[int]]
"""For each incoming student the places of their pairs."""


@dataclass(frozen=True)
class Belief:
    """A pair with its probabilities.

    Attributes:
        alone: that they are the same child, were there no other record.
        probability: that they are, the site's other records considered.
        known: whether an earlier import says so.
    """

    pair: Scored
    alone: float
    probability: float
    known: bool


def beliefs(
    pairs: Sequence[Scored], parameters: Parameters, *, incoming: int, site: int, known: dict[int, int]
) -> list[Belief]:
    """The probability of each pair.

    Args:
        incoming: how many incoming students there are, with or without a pair.
        site: how many students the site has.
        known: for incoming students of an earlier import the record that they went to.
    """
    places = max(site, 1)
    factors = [
        log_factor(pair, parameters, places) + KNOWN_BITS * (known.get(pair.incoming) == pair.site) for pair in pairs
    ]
    grouped: dict[int, list[int]] = defaultdict(list)
    for nth, pair in enumerate(pairs):
        grouped[pair.incoming].append(nth)
    share = _share_on_site(factors, grouped, incoming, places)
    found = _together(factors, grouped, share, places)
    return [
        Belief(pair, _odds([factor], share / places, 1 - share)[0], value, known.get(pair.incoming) == pair.site)
        for pair, factor, value in zip(pairs, factors, found, strict=True)
    ]


def _share_on_site(factors: Sequence[float], grouped: Grouped, incoming: int, places: int) -> float:
    """The share of the incoming students who are on the site, found step by step from what it makes probable."""
    share = BEFORE[0] / sum(BEFORE)
    for _ in range(ROUNDS):
        expected = sum(_together(factors, grouped, share, places))
        before, share = share, (BEFORE[0] + expected) / (sum(BEFORE) + incoming)
        if abs(share - before) < ENOUGH:
            break
    return share


def _together(factors: Sequence[float], grouped: Grouped, share: float, places: int) -> list[float]:
    """The probability of each pair, beside the others of its incoming student."""
    found = [0.0] * len(factors)
    for members in grouped.values():
        odds = _odds([factors[nth] for nth in members], share / places, 1 - share)
        for nth, value in zip(members, odds, strict=True):
            found[nth] = value
    return found


def log_factor(pair: Scored, parameters: Parameters, site: int) -> float:
    """Bits of evidence for the same child, against strangers, siblings and twins together."""
    against = [-pair.weight]
    for each, shares in ((parameters.siblings_each, parameters.siblings), (parameters.twins_each, parameters.twins)):
        if shares and each:
            against.append(log2(min(each / site, 0.5)) + _bits(pair, shares, parameters.same))
    return -_log2_sum(against)


def _bits(pair: Scored, shares: Shares, same: Shares) -> float:
    """How much better (in bits) a relation explains the levels than the same child does."""
    seen = [(shares[field][level], same[field][level]) for field, level in pair.levels.items() if level != MISSING]
    return sum(log2(there / here) for there, here in seen)


def _log2_sum(bits: Sequence[float]) -> float:
    most = max(bits)
    return most + log2(sum(2.0 ** (each - most) for each in bits))


def _odds(factors: Sequence[float], each: float, nobody: float) -> list[float]:
    """The share of each record and of nobody, for one incoming student: odds that add up to one."""
    logs = [factor * log(2) + log(each) for factor in factors] + [log(nobody)]
    most = max(logs)
    odds = [exp(one - most) for one in logs]
    return [one / sum(odds) for one in odds[:-1]]
