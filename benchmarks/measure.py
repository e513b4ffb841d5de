"""How measurements are taken and told: a value, a floor measured in the same run, their ratio, and the bar."""

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One line of the report.

    Attributes:
        work: what was measured.
        value: the product's seconds (or the unit that `unit` names).
        floor: the same of the floor, in the same run; None where the bar is absolute.
        bar: the highest ratio that is good enough (the highest value where there is no floor).
        note: how it was measured, in a few words.
        unit: of value and floor.
        at_least: the bar is the lowest ratio that is good enough: the floor is what the product must beat, and the
            ratio how many times faster the product is.
    """

    work: str
    value: float
    floor: float | None
    bar: float | None
    note: str = ""
    unit: str = "s"
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """Value over floor, or floor over value for a bar that is to be exceeded."""
        if not self.floor:
            return None
        return self.floor / self.value if self.at_least else self.value / self.floor

    @property
    def held(self) -> bool | None:
        """Whether the bar was held; None where there is no bar."""
        if self.bar is None:
            return None
        reached = self.ratio if self.ratio is not None else self.value
        return reached >= self.bar if self.at_least else reached <= self.bar


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def interleaved(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The medians of two pieces of work, measured in turn, so that a busy minute disturbs both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        times[0].append(seconds(first))
        times[1].append(seconds(second))
    return statistics.median(times[0]), statistics.median(times[1])


def machine() -> str:
    """The machine, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.machine()}, Python {platform.python_version()}"
