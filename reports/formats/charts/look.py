"""How a drawing looks: on the page by classes of the stylesheet, light and dark; on paper by colours of its own."""

from dataclasses import dataclass, field
from typing import Final

PAPER_INKS: Final = ("#17594f", "#c2702a", "#5b84c4", "#6b2d5c")
"""Told apart with each of the three kinds of colour blindness, and in grey; at least 3:1 on white."""


@dataclass(frozen=True)
class Look:
    """Attributes of a drawing's parts.

    Attributes:
        is_page: colours come from the stylesheet.
        font: the family, where the drawing does not inherit it.
    """

    is_page: bool
    root: dict[str, str] = field(default_factory=dict)

    def fill(self, series: int) -> dict[str, str]:
        """A series' surface."""
        number = series % len(PAPER_INKS)
        return {"class": f"fill-{number + 1}"} if self.is_page else {"fill": PAPER_INKS[number]}

    def stroke(self, series: int) -> dict[str, str]:
        """A series' line."""
        number = series % len(PAPER_INKS)
        return {"class": f"line-{number + 1}"} if self.is_page else {"stroke": PAPER_INKS[number], "fill": "none"}

    @property
    def gap(self) -> dict[str, str]:
        """What a pattern leaves out of a surface: the paper shines through."""
        return {"class": "gap"} if self.is_page else {"stroke": "#ffffff", "fill": "none"}

    @property
    def ink(self) -> dict[str, str]:
        """Text that is read first."""
        return {"class": "ink"} if self.is_page else {"fill": "#1c2427"}

    @property
    def halo(self) -> dict[str, str]:
        """Text that may stand on a line: the paper shines around it."""
        edge = {"stroke-width": "4", "stroke-linejoin": "round", "paint-order": "stroke"}
        return {"class": "ink halo", **edge} if self.is_page else {**self.ink, "stroke": "#ffffff", **edge}

    @property
    def muted(self) -> dict[str, str]:
        """Text of the axis."""
        return {"class": "muted"} if self.is_page else {"fill": "#4a555c"}

    @property
    def grid(self) -> dict[str, str]:
        """A line behind the numbers."""
        return {"class": "grid"} if self.is_page else {"stroke": "#ddd8cd", "fill": "none"}

    @property
    def axis(self) -> dict[str, str]:
        """The line that bars stand on."""
        return {"class": "axis"} if self.is_page else {"stroke": "#4a555c", "fill": "none"}


PAGE: Final = Look(True, {"class": "chart"})
PRINT: Final = Look(False, {"font-family": "Libertinus Serif"})
