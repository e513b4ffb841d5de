"""The site's processes (web, worker, beat) as children of one command: started together, ended together.

Each child asks the kernel to be ended when its parent dies, so that a `kill -9` of the command leaves nothing behind.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1


class ProcessDiedError(Exception):
    """A process that should go on has ended."""


class Processes:
    """A group of child processes, stopped in the reverse order of their start.

    Args:
        logs: the folder for one log file per process.
        environment: variables added to this process's own.
    """

    def __init__(self, logs: Path, environment: dict[str, str] | None = None) -> None:
        self.logs = logs
        self.environment = environment or {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @classmethod
    def for_settings(cls, module: str, logs: Path) -> Self:
        """A group whose processes use these Django settings."""
        return cls(logs, {"DJANGO_SETTINGS_MODULE": module})

    def __enter__(self) -> Self:
        """Make the folder for the logs."""
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop all, also when the block has failed."""
        self.stop()

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `python -m ARGUMENTS` under a name; its output goes to `<name>.log`."""
        with (self.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads are running when children are started
            )
        self._running[name] = process
        return process

    def start_worker(self, name: str = "worker", concurrency: int = 2) -> subprocess.Popen[bytes]:
        """Start a Celery worker."""
        return self.start(
            name, "celery", "-A", "config", "worker", "--loglevel", "INFO", "--concurrency", str(concurrency),
            "--hostname", f"{name}@%h", "--without-gossip", "--without-mingle",
        )  # fmt: skip

    def start_beat(self, name: str = "beat") -> subprocess.Popen[bytes]:
        """Start Celery's beat, with its schedule file among the logs."""
        schedule = str(self.logs / f"{name}-schedule")
        return self.start(name, "celery", "-A", "config", "beat", "--loglevel", "INFO", "--schedule", schedule)

    def start_web(self, port: int, name: str = "web", workers: int = 2) -> subprocess.Popen[bytes]:
        """Start the web server on 127.0.0.1."""
        return self.start(
            name, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
            "--threads", "4", "--access-logfile", "-",
        )  # fmt: skip

    def start_sftp(self, port: int, name: str = "sftp") -> subprocess.Popen[bytes]:
        """Start the SFTP server on 127.0.0.1."""
        return self.start(name, "django", "serve_sftp", "--host", "127.0.0.1", "--port", str(port))

    def check(self) -> None:
        """Make sure that all are alive.

        Raises:
            ProcessDiedError: one has ended; the message names it, its exit status and its log.
        """
        for name, process in self._running.items():
            status = process.poll()
            if status is not None:
                raise ProcessDiedError(f"the {name} has ended with status {status}: see {self.logs / name}.log")

    def wait(self, poll_seconds: float = 0.5) -> None:
        """Stay until one of them ends.

        Raises:
            ProcessDiedError: one has ended.
        """
        while True:
            self.check()
            time.sleep(poll_seconds)

    def stop(self) -> None:
        """End all, politely first: a worker finishes what it has begun."""
        for process in reversed(self._running.values()):
            _end(process)
        self._running.clear()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _die_with_parent() -> None:
    """Linux: get SIGTERM when the parent dies. Elsewhere a killed command's children must be ended by hand."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
