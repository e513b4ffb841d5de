"""Searching what is no table: the broker and the cache, files (also inside archives), and logs that are files."""

import base64
import binascii
import contextlib
import logging
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from redis import Redis

from rostering.services.nightly import newest_bundle
from sweeps.finder import Finder
from sweeps.tables import Found

BASE64: Final = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")
CHUNK: Final = 4 << 20
OVERLAP: Final = 4096
DEEPEST: Final = 3
"""Archives inside archives are opened so far."""
UNREADABLE: Final = "archives that cannot be opened, which were searched as they are"
NAMED_AGAIN: Final = (
    "the newest roster in the drop folder, which names some of them: its sync brings these as new students"
)
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


def search_files(root: Path, finder: Finder, found: Found, place: str, *, without: Collection[str] = ()) -> None:
    """Search every file below a folder, and the files inside zip archives. Links are not followed.

    Args:
        place: what a hit is counted under.
        without: names of folders in it that are not searched.
    """
    for top in sorted(root.iterdir()) if root.is_dir() else ():
        if top.name not in without:
            for path in files_below(top):
                _search_path(path, finder, found, place)


def search_drop_folder(folder: Path, finder: Finder, found: Found) -> None:
    """Search the rosters that the district's SIS has left.

    The newest, and what is still being written, is what the district says now: whoever stands in it comes with its sync
    as somebody new. That is told, and is no hit.
    """
    newest = newest_bundle(folder)
    since = newest.stat().st_mtime if newest else None
    for path in files_below(folder):
        with contextlib.suppress(FileNotFoundError):
            is_now = since is not None and path.stat().st_mtime >= since
            _search_path(path, finder, found, NAMED_AGAIN if is_now else "drop folder")
    if found.hits.pop(NAMED_AGAIN, 0):
        found.unreached.append(NAMED_AGAIN)


def files_below(top: Path) -> Iterator[Path]:
    """The files of a folder and of those in it, or a file itself; nothing that is a link."""
    if not top.is_symlink():
        for path in (top, *sorted(top.rglob("*"))):
            if path.is_file() and not path.is_symlink():
                yield path


def search_logs(finder: Finder, found: Found) -> None:
    """Search the logs that are written to files; whatever else takes them is told as not reached."""
    for logger in (logging.root, *map(logging.getLogger, sorted(logging.root.manager.loggerDict))):
        for handler in logger.handlers:
            if isinstance(handler, logging.FileHandler):
                for path in Path(handler.baseFilename).parent.glob(f"{Path(handler.baseFilename).name}*"):
                    _search_path(path, finder, found, "logs")
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
        try:
            _search_members(opened, finder, found, place, depth)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
            found.unreached.append(UNREADABLE)
        else:
            return
    opened.seek(0)
    found.hits[place] += sum(1 for chunk in _chunks(opened, found) for _ in finder.in_lines(_lowered(chunk)))


def _search_members(opened: IO[bytes], finder: Finder, found: Found, place: str, depth: int) -> None:
    with zipfile.ZipFile(opened) as archive:
        for member in archive.infolist():
            with archive.open(member) as inner:
                search_file(inner, finder, found, place, member.filename, depth + 1)


def _search_path(path: Path, finder: Finder, found: Found, place: str) -> None:
    """Search a file; one that is removed meanwhile holds nothing any more."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as opened:
        search_file(opened, finder, found, place, path.name)


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
