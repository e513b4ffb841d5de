"""What keeps a likely match from being a silent one. Probability alone does not decide about two children's records.

Which levels are doubtful follows from what the bands are for, not from labels: each rule names the children whom it
keeps apart.
"""

from collections.abc import Iterator
from typing import Final

from transfers.matching.levels import DIFFERENT, MISSING

SURE: Final = 0.99
"""A wrong silent match mixes two children's histories; it is to cost a hundred times what a look at a flag costs."""
POSSIBLE: Final = 0.05
"""From here on a record is shown as one that may possibly be a match."""

AGAINST: Final = {DIFFERENT, "shared"}
"""Levels of a name or birth date that speak of another child."""
TWINLIKE: Final = {"part", "initial", "letter", "similar", "swapped"}
"""Given names that one child may have, or two twins: José Luis and José, Jaden and Jayden."""
NEARLY: Final = {"swapped", "digit", "digits"}


def doubts(levels: dict[str, str], *, known: bool) -> Iterator[str]:
    """Why a likely pair is to be looked at by somebody, in words; nothing where it need not be.

    Args:
        levels: of agreement, by field; fields that neither side knows may be left out.
        known: whether an earlier import brought this student to this record.
    """
    level = {field: levels.get(field, MISSING) for field in ("family", "given", "middle", "birth", "sex", "grade")}
    identified = known or levels.get("state_id") == "same"
    against = [words for field, words in NAMED.items() if level[field] in AGAINST]
    if against:
        same = "An identifier is the same, but " if identified or levels.get("email") == "same" else "Likely, but "
        yield f"{same}{' and '.join(against)} differ{'s' * (len(against) == 1)}"
    if levels.get("state_id") in {DIFFERENT, "digit"}:
        yield "The state IDs differ"
    if identified:
        return
    if level["given"] in TWINLIKE or level["middle"] == DIFFERENT or level["sex"] == DIFFERENT:
        yield "A twin could be written down like this, and there is no identifier that tells them apart"
    if level["grade"] == DIFFERENT:
        yield "The grades are far apart"
    if level["given"] == MISSING or level["family"] == MISSING:
        yield "A name is unknown"
    guarded = levels.get("guardian") in {"contact", "name"}
    if level["family"] not in {"same", "order"} and not guarded:
        yield "The family names are not the same, and no identifier and no guardian is"
    if level["birth"] == "two" or (level["birth"] in {*NEARLY, MISSING} and not guarded):
        yield "The birth dates are not the same, and no identifier and no guardian is"


def may_be_kin(levels: dict[str, str], *, known: bool) -> bool:
    """Whether two given names differ and nothing but a family's data speaks for one child: never a default match."""
    return levels.get("given") in AGAINST and not known and levels.get("state_id") != "same"


NAMED: Final = {"family": "the family name", "given": "the given name", "birth": "the birth date"}
CONTESTED: Final = "More than one incoming student is likely to be this record"
TIED: Final = "Another record of this site fits about as well"
UNCERTAIN: Final = "The match is uncertain"
