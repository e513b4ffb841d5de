"""Searching what is no table: the broker and the cache, files (also inside archives), and logs that are files."""

import base64
import binascii
import contextlib
import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from redis import Redis

from sweeps.finder import Finder
from sweeps.tables import Found

BASE64: Final = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")
CHUNK: Final = 4 << 20
OVERLAP: Final = 4096
DEEPEST: Final = 3
"""Archives inside archives are opened so far."""
NO_COLLECTOR: Final = "logs that the host collects from the standard output: they are outside of Yearturn's reach"


def search_broker(finder: Finder, found: Found) -> None:
    """Search every key of the broker, which is the cache too: names and values, also what is encoded in them."""
    client: Any = Redis.from_url(settings.REDIS_URL)
    with client:
        for key in client.scan_iter(count=500):
            found.keys += 1
            for said in (key, *_values(client, key)):
                found.bytes += len(said)
                decoded = b"\n".join((said, *_decoded(said)))
                found.hits["broker and cache"] += finder.is_in(_lowered(decoded))
    if any("redis" not in each["BACKEND"].lower() for each in settings.CACHES.values()):
        found.unreached.append("a cache that is kept inside of each process: it ends with the process")


def search_files(root: Path, finder: Finder, found: Found, name: str) -> None:
    """Search every file below a folder, and the files inside zip archives. Links are not followed."""
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as opened:
                search_file(opened, finder, found, name, path.name)


def search_logs(finder: Finder, found: Found) -> None:
    """Search the logs that are written to files; whatever else takes them is told as not reached."""
    for logger in (logging.root, *map(logging.getLogger, sorted(logging.root.manager.loggerDict))):
        for handler in logger.handlers:
            if isinstance(handler, logging.FileHandler):
                for path in Path(handler.baseFilename).parent.glob(f"{Path(handler.baseFilename).name}*"):
                    with path.open("rb") as opened:
                        search_file(opened, finder, found, "logs", path.name)
    found.unreached.append(NO_COLLECTOR)


def _values(client: Any, key: bytes) -> Iterator[bytes]:
    match client.type(key):
        case b"string":
            yield client.get(key) or b""
        case b"list":
            yield from client.lrange(key, 0, -1)
        case b"set":
            yield from client.sscan_iter(key)
        case b"zset":
            yield from (member for member, _ in client.zscan_iter(key))
        case b"hash":
            yield from (part for pair in client.hscan_iter(key) for part in pair)
        case b"stream":
            yield from (repr(entry).encode() for entry in client.xrange(key))


def _decoded(said: bytes) -> Iterator[bytes]:
    """What is written in base64, such as a message's body; what stands before it may look like a part of it."""
    for match in BASE64.findall(said):
        for start in range(4):
            part = match[start:].rstrip(b"=")
            with contextlib.suppress(binascii.Error):
                yield base64.b64decode(part[: len(part) // 4 * 4])


def search_file(opened: IO[bytes], finder: Finder, found: Found, place: str, name: str, depth: int = 0) -> None:
    """Search one opened file, and what is inside when it is an archive; `place` is what a hit is counted under."""
    found.files += 1
    found.hits[place] += finder.is_in(_lowered(name.encode()))
    if depth < DEEPEST and zipfile.is_zipfile(opened):
        opened.seek(0)
        with zipfile.ZipFile(opened) as archive:
            for member in archive.infolist():
                with archive.open(member) as inner:
                    search_file(inner, finder, found, place, member.filename, depth + 1)
        return
    opened.seek(0)
    found.hits[place] += sum(1 for chunk in _chunks(opened, found) for _ in finder.in_lines(_lowered(chunk)))


def _chunks(opened: IO[bytes], found: Found) -> Iterator[bytes]:
    """A file in pieces that overlap, so that nothing is cut in two."""
    tail = b""
    while read := opened.read(CHUNK):
        found.bytes += len(read)
        yield tail + read
        tail = read[-OVERLAP:]


def _lowered(said: bytes) -> bytes:
    """In lower case, letters beyond ASCII too, each line's end as a line feed; what is no UTF-8 stays as it is."""
    return said.decode("utf-8", "surrogateescape").lower().replace("\r", "\n").encode("utf-8", "surrogateescape")
