"""Small files that only their owner may read, and locks that end with the process that holds them.

A lock is a `flock` on an open file. Children that inherit the open file hold it too, so a lock that is free proves
that nobody who ever got it is alive: no process id is trusted, and none can be mistaken after a reboot.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER_ONLY = 0o600


def open_lock(path: Path) -> int:
    """An open file descriptor of a lock file, which is made when missing."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold the lock, waiting for it first; gives the descriptor that a child may inherit."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether any living process holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, readable by its owner only."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)


def read_or_none(path: Path) -> str | None:
    """The file's text, or nothing when there is no such file."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def password(path: Path) -> str:
    """The password kept in the file; a new random one the first time."""
    kept = read_or_none(path)
    if kept:
        return kept
    made = secrets.token_urlsafe(24)
    write_private(path, made)
    return made
