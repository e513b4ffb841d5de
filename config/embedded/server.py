"""What the two servers have in common: find the one that runs, or start it; stop it."""

import fcntl
import os
import signal
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from config.embedded import files, processes
from config.embedded.accounts import private_folder
from config.embedded.errors import NotAnsweringError, StartError
from config.embedded.places import Place

ANSWER_SECONDS = 120.0
"""How long a living server may take to answer: recovery after a crash replays up to 4 GB of log."""
LINGER_SECONDS = 1.0
"""How long the children of a dead server may take to leave before they are ended."""
STOP_SECONDS = 30.0
PAUSE_SECONDS = 0.02
PORT_ATTEMPTS = 5
LOG_TAIL = 2000


@dataclass(frozen=True)
class Identity:
    """What a server wrote about itself. It may have died since."""

    pid: int
    port: int


class Server(ABC):
    """One server of a set. Every method is called with the set's lock held."""

    name: str
    key: str
    stop_signal: signal.Signals

    def __init__(self, place: Place) -> None:
        self.place = place
        self.folder = place.home.resolve() / self.key
        self.log = place.data / f"{self.key}.log"
        self.password_file = place.data / f"{self.key}.password"
        self.alive_lock = place.home / f"{self.key}.lock"
        """Held by the server and each of its children as long as they live."""

    @property
    def password(self) -> str:
        """The server's password, kept in the data folder."""
        return files.password(self.password_file)

    @abstractmethod
    def url(self, port: int) -> str:
        """The address that a client uses."""

    @abstractmethod
    def identity(self) -> Identity | None:
        """What the server's own files say."""

    @abstractmethod
    def marker(self) -> str:
        """What stands in the command line of this very server and of no other process."""

    @abstractmethod
    def answers(self, port: int) -> bool:
        """Whether our server answers to our password on the port."""

    @abstractmethod
    def last_port(self) -> int | None:
        """The port of the last start, which the next start prefers."""

    @abstractmethod
    def command(self, port: int) -> list[str]:
        """Write the configuration, clean up after a crash, and give the command that starts the server."""

    @abstractmethod
    def complete(self, port: int) -> None:
        """What is left to do when the server answers."""

    @abstractmethod
    def without_password(self) -> None:
        """Deal with the loss of the file that kept the password, before a new one is made."""

    def ensure(self) -> tuple[str, bool]:
        """The server's URL, and whether this call had to start it."""
        if not self.password_file.exists():
            self.without_password()
        running = self.find()
        port = running.port if running else self._start()
        self.complete(port)
        return self.url(port), running is None

    def living(self) -> Identity | None:
        """The server's own process, if it lives; asked without a word to the server."""
        if not files.is_held(self.alive_lock):
            return None
        found = self.identity()
        return found if found and self.marker() in processes.command_line(found.pid) else None

    def find(self) -> Identity | None:
        """The server of ours that runs and answers. What a dead one left behind is ended.

        Raises:
            NotAnsweringError: it lives but gives no answer.
        """
        begun = time.monotonic()
        while files.is_held(self.alive_lock):
            waited = time.monotonic() - begun
            found = self.living()
            if found and self.answers(found.port):
                return found
            if waited > ANSWER_SECONDS:
                raise NotAnsweringError(self.name, found.pid if found else 0, waited)
            if not found and waited > LINGER_SECONDS:
                processes.kill_inside(self.folder)
            time.sleep(PAUSE_SECONDS)
        return None

    def stop(self) -> bool:
        """Stop the server in good order, by force if it will not; gives whether it ran."""
        if not files.is_held(self.alive_lock):
            return False
        for number in (self.stop_signal, signal.SIGQUIT, signal.SIGKILL):
            if found := self.living():
                processes.send(found.pid, number)
            if self._gone(STOP_SECONDS if found else LINGER_SECONDS):
                return True
        processes.kill_inside(self.folder)
        if not self._gone(STOP_SECONDS):
            raise StartError(self.name, "an earlier process of it cannot be ended")
        return True

    def _gone(self, seconds: float) -> bool:
        """Whether every process of the server ends in time."""
        deadline = time.monotonic() + seconds
        while files.is_held(self.alive_lock):
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE_SECONDS)
        return True

    def _start(self) -> int:
        """Start the server on a free port, and wait until it answers; gives the port."""
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        preferred = self.last_port()
        for _ in range(PORT_ATTEMPTS):
            port = processes.free_port(preferred)
            preferred = None
            if self._attempt(port):
                return port
            if "in use" not in self._log_tail():
                break
        raise StartError(self.name, self._log_tail().strip() or f"no word in {self.log}")

    def _attempt(self, port: int) -> bool:
        """Start the server once; false when it died before it answered."""
        private_folder(self.place.account, self.folder)
        command = self.command(port)
        held = files.open_lock(self.alive_lock)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            pid = processes.spawn(self.place.account, command, log=self.log, held=held)
        finally:
            os.close(held)
        deadline = time.monotonic() + ANSWER_SECONDS
        while files.is_held(self.alive_lock):
            if self.answers(port):
                return True
            if time.monotonic() > deadline:
                raise NotAnsweringError(self.name, pid, ANSWER_SECONDS)
            time.sleep(PAUSE_SECONDS)
        return False

    def _log_tail(self) -> str:
        """The last lines of the server's log."""
        return (files.read_or_none(self.log) or "")[-LOG_TAIL:]


def first_number(path: Path, *, line: int = 0) -> int | None:
    """The number in a line of a small file, if there is one."""
    lines = (files.read_or_none(path) or "").splitlines()
    if len(lines) <= line or not lines[line].strip().isdigit():
        return None
    return int(lines[line])
