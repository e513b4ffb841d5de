"""Real sets of services in folders of their own, and programs that use them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import redis

from config.embedded.places import CHECKOUT

USE_AND_WAIT = (
    "import sys; from config import embedded\n"
    "with embedded.services() as found: print('ready', flush=True); sys.stdin.read()"
)


def environment(data: Path, **more: str) -> dict[str, str]:
    """This environment, without its own services, for a set in a folder."""
    own = {"DATABASE_URL", "REDIS_URL", "YEARTURN_DATA"}
    return {**{key: value for key, value in os.environ.items() if key not in own}, "YEARTURN_DATA": str(data), **more}


def cli(data: Path, *arguments: str, checkout: Path = CHECKOUT, **more: str) -> subprocess.CompletedProcess[str]:
    """The command line's own program, to its end."""
    command = [sys.executable, "-m", "config.embedded", *arguments]
    return subprocess.run(
        command, cwd=checkout, env=environment(data, **more), text=True, capture_output=True, check=False
    )


@contextmanager
def program(data: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A Python program on the set that has said it is ready; killed at the end if it still runs."""
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env=environment(data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def user(data: Path) -> AbstractContextManager["subprocess.Popen[str]"]:
    """Another process that uses the set until its input ends."""
    return program(data, "-c", USE_AND_WAIT)


def query(url: str, sql: str) -> str:
    """One value from the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        row = cursor.fetchone() if cursor.description else None
    return str(row[0]) if row else ""


@contextmanager
def broker(url: str) -> Iterator["redis.Redis"]:
    """A client of the broker."""
    client = redis.Redis.from_url(url, decode_responses=True)
    try:
        yield client
    finally:
        client.close()


def server_pid(data: Path, name: str) -> int:
    """The process id that a server wrote."""
    pointer = data / "location"
    home = Path(pointer.read_text()) if pointer.exists() else data
    path = home / {"postgres": "postgres/postmaster.pid", "valkey": "valkey/valkey.pid"}[name]
    return int(path.read_text().split()[0])


def kill(pid: int) -> None:
    """kill -9, and wait until the process has ended."""
    os.kill(pid, signal.SIGKILL)
    until(lambda: not runs(pid))


def runs(pid: int) -> bool:
    """Whether a process lives (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(happened: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for it."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
