"""Named points of a reset, at which listeners are told. The tests kill the worker at each of them."""

from collections.abc import Callable

POINTS = (
    "started",
    "locked",
    "counted",
    "undo_written",
    "rows_changed",
    "verified",
    "recorded",
    "exclusive",
    "moved",
    "committed",
)

RESTORE_POINTS = ("restore_counted", "restore_changed", "restore_recorded", "restore_moved", "restore_committed")
"""Of a restore, of which a reset knows nothing."""

DESTRUCTION_POINTS = ("destruction_counted", "destruction_deleted", "destruction_recorded", "destruction_committed")
"""Of a student's destruction on request."""

POSTPONED_POINTS = ("postponed_deleted", "postponed_recorded", "postponed_committed")
"""Of the deletions of a reset that a legal hold had postponed."""

ANONYMIZATION_POINTS = ("anonymization_changed", "anonymization_recorded", "anonymization_committed")
"""Of the anonymization of whoever has not come back."""

ALL = (*POINTS, *RESTORE_POINTS, *DESTRUCTION_POINTS, *POSTPONED_POINTS, *ANONYMIZATION_POINTS)

_listeners: list[Callable[[str], None]] = []


def listen(listener: Callable[[str], None]) -> None:
    """Be told of every point from now on."""
    _listeners.append(listener)


def reached(point: str) -> None:
    """Tell the listeners that a run has reached a point.

    Raises:
        ValueError: the point has no such name.
    """
    if point not in ALL:
        raise ValueError(f"a reset has no point {point!r}")
    for listener in _listeners:
        listener(point)
