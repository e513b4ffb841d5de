"""How wide columns are on paper, in letters: by their values, so that no number is broken."""

from collections.abc import Sequence
from typing import Final

WIDEST_TEXT: Final = 30
"""Letters; longer texts go on in a second line."""
NARROWEST: Final = 4
BETWEEN: Final = 1
LETTER: Final = 0.5
"""Of the font's size: how wide a letter is in a table, on the average, with some to spare."""
PADDING: Final = 8.0
UPRIGHT: Final = 503.0
LYING: Final = 683.0
"""Points between the margins of a page."""
LARGEST, UPRIGHT_LEAST, LEAST = 9.0, 8.5, 6.4


def widths(labels: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> list[int]:
    """Each column's width in letters.

    Args:
        numbers: whether a column has numbers, which are never broken; texts are, between words, where they are long.
    """
    found = []
    for place, label in enumerate(labels):
        longest = max((len(row[place]) for row in rows), default=0)
        if not numbers[place]:
            longest = min(longest, WIDEST_TEXT)
        found.append(max(longest, *(len(word) for word in label.split()), NARROWEST) + BETWEEN)
    return found


def is_wide(found: Sequence[int]) -> bool:
    """Whether a table needs a page that lies."""
    return _fitting(found, UPRIGHT) < UPRIGHT_LEAST


def font_size(found: Sequence[int], *, lies: bool) -> float:
    """Of a table's cells, in points: as large as the page allows."""
    return round(min(LARGEST, max(LEAST, _fitting(found, LYING if lies else UPRIGHT))), 1)


def _fitting(found: Sequence[int], width: float) -> float:
    return (width - PADDING * len(found)) / (sum(found) * LETTER)
