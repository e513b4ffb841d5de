"""The ledger's files outside of the database: a folder per district, with its entries and their signed heads."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from ledger.signing import Signature, canonical, is_signed, sign

ENTRIES = "entries.jsonl"
HEADS = "heads.jsonl"
TAIL_BYTES = 64 * 1024


class Head(NamedTuple):
    """How far a district's ledger went when it was published, signed."""

    district: int
    number: int
    digest: str
    at: str
    key: str
    signature: str

    @property
    def signed(self) -> bytes:
        """What the signature covers."""
        return canonical({"district": self.district, "number": self.number, "digest": self.digest, "at": self.at})

    @property
    def line(self) -> bytes:
        """The published line, without its end."""
        return canonical(self._asdict())

    @property
    def is_genuine(self) -> bool:
        """Whether a known key signed it."""
        return is_signed(self.signed, Signature(self.key, self.signature))


def signed_head(district: int, number: int, digest: str, at: str) -> Head:
    """A head with this installation's signature."""
    head = Head(district, number, digest, at, "", "")
    signature = sign(head.signed)
    return head._replace(key=signature.key, signature=signature.value)


def read_head(district: int, line: bytes) -> Head | None:
    """The head of a district's published line without its end; None where it is not one that was signed here."""
    try:
        head = Head(**json.loads(line))
        return head if head.line == line and head.district == district and head.is_genuine else None
    except (TypeError, ValueError):
        return None


def folder_of(district_id: int, root: Path | None = None) -> Path:
    """A district's folder; number 0 is the one of what concerns all."""
    return (root or Path(settings.LEDGER_DIR)) / str(district_id)


def published_districts(root: Path | None = None) -> list[int]:
    """The districts that have a folder, by number."""
    base = root or Path(settings.LEDGER_DIR)
    if not base.is_dir():
        return []
    return sorted(int(path.name) for path in base.iterdir() if path.name.isascii() and path.name.isdigit())


@contextlib.contextmanager
def locked_folder(district_id: int) -> Iterator[Path]:
    """Make a district's folder and keep every other publisher out of it.

    Raises:
        OSError: it cannot be made or written to.
    """
    folder = folder_of(district_id)
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)


def last_line(path: Path) -> bytes:
    """The last whole line of a file, without its end. Writes nothing: another process may be adding lines."""
    return _last_line(path)[0]


def mended_last_line(path: Path) -> bytes:
    """The same for whoever has the folder locked: what a crash left half-written after it is cut off."""
    line, whole = _last_line(path)
    if path.exists() and path.stat().st_size > whole:
        os.truncate(path, whole)
    return line


def _last_line(path: Path) -> tuple[bytes, int]:
    """The last whole line, and the size of the file up to its end."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return b"", 0
    with file:
        size = file.seek(0, os.SEEK_END)
        span = TAIL_BYTES
        while True:
            start = max(0, size - span)
            file.seek(start)
            tail = file.read(size - start)
            end = tail.rfind(b"\n")
            begin = tail.rfind(b"\n", 0, end) if end >= 0 else -1
            if begin >= 0 or start == 0:
                return (tail[begin + 1 : end] if end >= 0 else b""), start + end + 1
            span *= 4


def add_lines(path: Path, lines: list[bytes]) -> None:
    """Add whole lines to a file, and have them on the disk before this returns."""
    with path.open("ab") as file:
        file.write(b"".join(line + b"\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
