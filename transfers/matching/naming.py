"""How names are compared. The columns are those of `folding`: folded to plain letters and split into parts."""

from typing import Final

from transfers.matching.levels import Comparison, Level


def close(column: str, least: int = 4) -> str:
    """One letter more, less or other, or two neighbours transposed, in a word that is long enough for it to be one."""
    return (
        f"least(length({column}_l), length({column}_r)) >= {least} AND damerau_levenshtein({column}_l, {column}_r) <= 1"
    )


def _similar(column: str) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.9"


SWAPPED: Final = """
(family_l = given_r AND jaro_winkler_similarity(given_l, family_r) >= 0.8)
OR (given_l = family_r AND jaro_winkler_similarity(family_l, given_r) >= 0.8)
"""
SWAPPED_WORDS: Final = "given and family name have changed places"

FAMILY: Final = Comparison(
    "family",
    "Family name",
    "family_l = '' OR family_r = ''",
    "family_name",
    (
        Level("same", "family_l = family_r", "the same", term="family"),
        Level("order", "family_sorted_l = family_sorted_r", "the same parts in another order"),
        Level("swapped", SWAPPED, SWAPPED_WORDS),
        Level(
            "part",
            "list_has_all(family_parts_l, family_parts_r) OR list_has_all(family_parts_r, family_parts_l)",
            "one has a part that the other lacks",
        ),
        Level("letter", close("family"), "one letter apart"),
        Level("similar", _similar("family"), "similar"),
        Level("shared", "list_has_any(family_parts_l, family_parts_r)", "one part in common, another different"),
    ),
)

GIVEN: Final = Comparison(
    "given",
    "Given name",
    "given_l = '' OR given_r = ''",
    "given_name",
    (
        Level("same", "given_l = given_r", "the same", term="given"),
        Level("order", "given_sorted_l = given_sorted_r", "the same parts in another order"),
        Level(
            "moved",
            "list_sort(given_all_l) = list_sort(given_all_r)",
            "with the middle name the same, divided in another way",
        ),
        Level("swapped", SWAPPED, SWAPPED_WORDS),
        Level(
            "preferred",
            "(preferred_l <> '' AND preferred_l IN (given_r, preferred_r))"
            " OR (preferred_r <> '' AND preferred_r = given_l)",
            "one is the other's preferred name",
        ),
        Level(
            "nickname",
            "list_contains(given_alike_l, given_first_r) OR list_contains(given_alike_r, given_first_l)",
            "one is a short form of the other",
        ),
        Level(
            "part",
            "list_has_all(given_all_l, given_parts_r) OR list_has_all(given_all_r, given_parts_l)",
            "one has a part that the other lacks",
        ),
        Level(
            "initial",
            "least(length(given_l), length(given_r)) = 1 AND left(given_l, 1) = left(given_r, 1)",
            "an initial that fits",
        ),
        Level("letter", close("given"), "one letter apart"),
        Level("similar", _similar("given"), "similar"),
        Level("shared", "list_has_any(given_parts_l, given_parts_r)", "one part in common, another different"),
    ),
)

MIDDLE: Final = Comparison(
    "middle",
    "Middle name",
    "middle_l = '' OR middle_r = ''",
    "middle_name",
    (
        Level("same", "middle_l = middle_r", "the same"),
        Level(
            "initial",
            "least(length(middle_l), length(middle_r)) = 1 AND left(middle_l, 1) = left(middle_r, 1)",
            "an initial that fits",
        ),
        Level("letter", f"({close('middle')}) OR {_similar('middle')}", "similar"),
    ),
)
