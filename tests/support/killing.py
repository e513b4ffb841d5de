"""Kills the whole worker (kill -9 of its process group) when a reset reaches a point that the test has marked."""

import os
import signal
from pathlib import Path

from resets.engine import events

FOLDER = "YEARTURN_TEST_KILL_FOLDER"


def register() -> None:
    """Listen, when the test has named a folder: a file in it, named like a point, is a kill to be done once."""
    folder = os.environ.get(FOLDER)
    if folder:
        events.listen(lambda point: _kill_if_marked(Path(folder) / point))


def _kill_if_marked(mark: Path) -> None:
    if mark.exists():
        mark.unlink()
        os.killpg(os.getpgid(0), signal.SIGKILL)
