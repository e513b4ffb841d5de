"""Waiting for something that another process does."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")
PAUSE_SECONDS = 0.05


def wait_for(condition: Callable[[], Value], seconds: float = 30) -> Value:
    """Ask until the answer is true, and return it.

    Raises:
        AssertionError: it was not true in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        if answer := condition():
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {condition.__qualname__}, last answer {answer!r}")
        time.sleep(PAUSE_SECONDS)
