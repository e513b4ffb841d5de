"""A scale with round ticks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

STEPS: Final = (1, 2, 2.5, 5, 10)
WANTED: Final = 5
"""Ticks above the lowest, at most one more or less."""
FLAT: Final = 1e-9
"""Numbers that differ by less are drawn as the same."""


@dataclass(frozen=True)
class Scale:
    """From the lowest tick to the highest, which hold all numbers between them.

    Attributes:
        step: between two ticks.
        count: of steps.
    """

    low: float
    step: float
    count: int

    @property
    def high(self) -> float:
        """The highest tick."""
        return self.low + self.step * self.count

    @property
    def ticks(self) -> list[float]:
        """The round numbers, rising."""
        return [round(self.low + self.step * number, self.digits) for number in range(self.count + 1)]

    @property
    def digits(self) -> int:
        """Digits behind the point that tell two ticks apart."""
        first = max(0, -math.floor(math.log10(self.step)))
        return first if round(self.step, first) == self.step else first + 1

    def part(self, value: float) -> float:
        """Where a number stands, from 0 at the lowest tick to 1 at the highest."""
        return (value - self.low) / (self.step * self.count)


def round_scale(values: Sequence[float], *, is_whole: bool, has_zero: bool) -> Scale:
    """A scale for these numbers.

    Args:
        is_whole: there is nothing between two whole numbers.
        has_zero: it begins at zero, or passes it, as bars must.
    """
    low, high = min(values, default=0.0), max(values, default=0.0)
    if has_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < FLAT:
        high = low + 1
    step = _round_up((high - low) / WANTED)
    if is_whole:
        step = max(1.0, float(math.ceil(step)))
    first = math.floor(low / step + FLAT)
    return Scale(first * step, step, max(1, math.ceil(high / step - FLAT) - first))


def _round_up(step: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = float(f"1e{math.floor(math.log10(step))}")
    return next(each * power for each in STEPS if each * power >= step * (1 - FLAT))
