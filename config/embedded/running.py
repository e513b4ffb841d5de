"""Run a command with the services in its environment."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from config.embedded.lifecycle import Services

FORWARDED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
SIGNAL_STATUS = 128
NOT_FOUND_STATUS = 127


def run(command: list[str], found: Services) -> int:
    """Run the command to its end, hand signals on to it, and give its exit status.

    The command inherits the claim: if this process is killed, the services stay as long as the command lives.
    """
    environment = {**os.environ, **found.environment()}
    if found.data:
        environment["YEARTURN_DATA"] = str(found.data)
    pass_fds = (found.claim,) if found.claim is not None else ()
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []  # signals that came while the command was being started

    def forward(number: int, _frame: FrameType | None) -> None:
        from_terminal = number == signal.SIGINT and _in_foreground()  # then the command has got it as well
        if child is None:
            early.append(number)
        elif not from_terminal:
            child.send_signal(number)

    before = {number: signal.signal(number, forward) for number in FORWARDED}
    try:
        child = subprocess.Popen(command, env=environment, pass_fds=pass_fds)
        for number in early:
            child.send_signal(number)
        status = child.wait()
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return NOT_FOUND_STATUS
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else SIGNAL_STATUS - status


@contextmanager
def leaving_on_signals() -> Iterator[None]:
    """Within the block, a plea to end unwinds the stack, so that what was started is stopped."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(SIGNAL_STATUS + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_foreground() -> bool:
    """Whether this process hears the keys of its terminal."""
    try:
        descriptor = os.open("/dev/tty", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(descriptor)
