"""From probabilities to choices: one to one, in three bands, with the evidence of every candidate that is shown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from transfers.matching.assignment import LIKELY, assign, contested
from transfers.matching.belief import Belief
from transfers.matching.candidates import Band, Candidate, Choice, Evidence, Verdict
from transfers.matching.doubts import CONTESTED, POSSIBLE, SURE, TIED, UNCERTAIN, doubts, may_be_kin
from transfers.matching.evidence import evidence
from transfers.matching.people import Person

SHOWN: Final = 5
"""So many candidates of an incoming student are kept."""
WORTH: Final = 0.001
"""Less likely ones are not, unless an identifier is the same."""


def choose(incoming: Sequence[Person], site: Mapping[int, Person], found: Sequence[Belief]) -> list[Choice]:
    """A choice for each incoming student, in their order.

    Args:
        site: the records that occur in a pair, by key.
        found: the pairs with their probabilities.
    """
    alone = [
        (belief.pair.incoming, belief.pair.site, belief.alone)
        for belief in found
        if not may_be_kin(belief.pair.levels, known=belief.known)
    ]
    matches, rivals = assign(alone), contested(alone)
    of: dict[int, list[Belief]] = defaultdict(list)
    for belief in found:
        of[belief.pair.incoming].append(belief)
    return [_choice(person, site, of[person.key], matches.get(person.key), rivals) for person in incoming]


def _choice(
    person: Person, site: Mapping[int, Person], found: list[Belief], match: int | None, rivals: set[int]
) -> Choice:
    ranked = sorted(found, key=lambda belief: (belief.pair.site != match, -belief.probability, belief.pair.site))
    shown = [belief for belief in ranked if _is_shown(belief, match)][:SHOWN]
    reasons = list(_reasons(shown[0], rivals)) if match is not None else []
    if match is not None:
        band = Band.REVIEW if reasons else Band.MATCHED
    else:
        band = Band.REVIEW if any(_is_possible(belief) for belief in shown) else Band.NEW
    candidates = tuple(
        Candidate(
            person.key,
            belief.pair.site,
            belief.probability,
            (*_notes(reasons if belief.pair.site == match else _taken(belief, rivals)), *_told(belief, person, site)),
        )
        for belief in shown
    )
    return Choice(person.key, band, match, candidates)


def _reasons(belief: Belief, rivals: set[int]) -> Iterator[str]:
    if belief.probability < SURE:
        yield TIED if belief.alone >= SURE else UNCERTAIN
    if belief.pair.site in rivals:
        yield CONTESTED
    yield from doubts(belief.pair.levels, known=belief.known)


def _taken(belief: Belief, rivals: set[int]) -> list[str]:
    """What is said of a record that is likely, and was given to another incoming student who is likely too."""
    return [CONTESTED] if belief.alone >= LIKELY and belief.pair.site in rivals else []


def _notes(reasons: Sequence[str]) -> Iterator[Evidence]:
    for reason in reasons:
        yield Evidence("To review", Verdict.NOTE, reason)


def _told(belief: Belief, person: Person, site: Mapping[int, Person]) -> tuple[Evidence, ...]:
    return evidence(belief.pair.levels, person, site[belief.pair.site], known=belief.known)


def _identified(belief: Belief) -> bool:
    """Whether an identifier that holds between districts is the same."""
    return belief.known or "same" in {belief.pair.levels.get("state_id"), belief.pair.levels.get("email")}


def _is_possible(belief: Belief) -> bool:
    return belief.alone >= POSSIBLE or _identified(belief)


def _is_shown(belief: Belief, match: int | None) -> bool:
    return belief.pair.site == match or belief.probability >= WORTH or _is_possible(belief)
