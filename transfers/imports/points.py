"""Named points of analysis, import and recall, at which listeners are told. The tests kill the process at each."""

from collections.abc import Callable
from typing import Final

POINTS: Final = (
    "transfer_read",
    "transfer_staged",
    "transfer_partitioned",
    "transfer_matched",
    "transfer_ready",
    "transfer_people",
    "transfer_records",
    "transfer_verified",
    "transfer_imported",
    "transfer_recall_destroyed",
    "transfer_recall_recorded",
    "transfer_recall_committed",
)

_listeners: list[Callable[[str], None]] = []


def listen(listener: Callable[[str], None]) -> None:
    """Be told of every point from now on."""
    _listeners.append(listener)


def unlisten(listener: Callable[[str], None]) -> None:
    """Be told no more."""
    _listeners.remove(listener)


def reached(point: str) -> None:
    """Tell the listeners that a transfer has reached a point.

    Raises:
        ValueError: the point has no such name.
    """
    if point not in POINTS:
        raise ValueError(f"a transfer has no point {point!r}")
    for listener in list(_listeners):
        listener(point)
