"""What a transfer takes along and what it leaves, in the source's words, read from the data map and the registry."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from products.registry import suites
from products.renaissance.catalog import SUITE

STAYS: Final = "The students and data also stay on the original site for reporting."
BENCHMARKS: Final = "Star scores will include benchmark categories."
NOT_ENROLLMENTS: Final = (
    "Enrollments in classes. If the users and enrollments on a site are brought over from a Student Information "
    "System, the student information and enrollments should still come from that source system."
)
NOT_OTHERS: Final = (
    "Students who are not currently enrolled in a school: only currently enrolled students can be transferred."
)
NOT_ACCOUNTS: Final = (
    "Guardians, teachers and log-ins. What is known of guardians is only compared, to find the right match."
)


@dataclass(frozen=True)
class Moves:
    """What moves and what does not, as the pages show it."""

    moved: tuple[str, ...]
    stays: tuple[str, ...]


def what_moves() -> Moves:
    """What a transfer code takes along ("will be transferred"), and what does not move."""
    moved = tuple(category.label for category in SUITE.categories)
    return Moves((*moved, BENCHMARKS), tuple(_stays()))


def _stays() -> Iterator[str]:
    others = [suite.name for suite in suites() if suite.code != SUITE.code and suite.products]
    if others:
        yield f"Data of other products: {', '.join(others)}."
    yield NOT_ENROLLMENTS
    yield NOT_ACCOUNTS
    yield NOT_OTHERS
