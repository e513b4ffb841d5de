"""kill -9: of a whole worker at a point that the test has marked, or of a process that does one piece of work."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from resets.engine import events
from tenants.models import District
from tenants.schema import enter_district

Listen = Callable[[Callable[[str], None]], None]

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


def killed_at(point: str, district: District, work: Callable[[], object], listen: Listen = events.listen) -> bool:
    """Work in a process of its own, which is killed where it reaches the point; whether it was."""
    child = os.fork()
    if child == 0:
        os._exit(_work_and_die(point, district, work, listen))
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _work_and_die(point: str, district: District, work: Callable[[], object], listen: Listen) -> int:
    inherited = connection.connection  # the parent's: neither used nor closed here
    connection.connection = None
    connection.search_path_set_schemas = None  # of the new one nothing is known yet
    listen(lambda reached: os.kill(os.getpid(), signal.SIGKILL) if reached == point else None)
    try:
        with enter_district(district):
            work()
    except BaseException:  # the exit status says it, without the parent's own clean-up
        return 1
    return 0 if inherited else 2
