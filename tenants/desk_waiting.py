"""What waits for a person at the desk, whatever the school year: each app says its own, the first page shows all."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Waiting:
    """A number of things in the own book that wait, what to do about them, and the list on which they are.

    Attributes:
        is_late: whether it should have been done already.
    """

    title: str
    number: int
    text: str
    address: str
    is_late: bool = False


Asker = Callable[[HttpRequest, dt.datetime], list[Waiting]]
_askers: list[Asker] = []


def register_waiting(asker: Asker) -> None:
    """Add what an app says; apps that are registered first are shown first."""
    if asker not in _askers:
        _askers.append(asker)


def what_waits(request: HttpRequest, now: dt.datetime) -> list[Waiting]:
    """What waits in the own book of whoever asks."""
    return [waiting for asker in _askers for waiting in asker(request, now)]
