"""Comparisons of addresses, for people's data that has them; rosters do not."""

from typing import Final

from transfers.matching.levels import Comparison, Level


def _place(field: str, title: str, needs: str, *, least: int, similar: bool) -> Comparison:
    """The same, one character apart, or (for words) similar."""
    close = f"least(length({field}_l), length({field}_r)) >= {least} AND damerau_levenshtein({field}_l, {field}_r) <= 1"
    levels = [Level("same", f"{field}_l = {field}_r", "the same"), Level("letter", close, "one character apart")]
    if similar:
        levels.append(Level("similar", f"jaro_winkler_similarity({field}_l, {field}_r) >= 0.9", "similar"))
    return Comparison(field, title, f"{field}_l = '' OR {field}_r = ''", f"address_{needs}", tuple(levels))


_LINES = ("street", "place")
_CROSSED = [(left, right) for left in _LINES for right in _LINES]
STREET: Final = Comparison(
    "street",
    "Street",
    "(street_l || place_l) = '' OR (street_r || place_r) = ''",
    "address_street",
    (
        Level("same", "street_l = street_r AND place_l = place_r", "the same"),
        Level(
            "line",
            " OR ".join(f"(length({one}_l) > 3 AND {one}_l = {other}_r)" for one, other in _CROSSED),
            "one line the same",
        ),
        Level(
            "letter",
            " OR ".join(
                f"(least(length({one}_l), length({other}_r)) > 5 AND damerau_levenshtein({one}_l, {other}_r) <= 2)"
                for one, other in _CROSSED
            ),
            "one line two letters apart at most",
        ),
        Level("similar", "jaro_winkler_similarity(street_l, street_r) >= 0.85", "similar"),
    ),
)
ADDRESS: Final = (
    _place("house", "House number", "number", least=3, similar=False),
    STREET,
    _place("suburb", "Suburb", "suburb", least=4, similar=True),
    _place("postcode", "Postcode", "postcode", least=4, similar=False),
    _place("region", "State", "region", least=3, similar=False),
)
