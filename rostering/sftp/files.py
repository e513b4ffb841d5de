"""What an account sees: one flat folder, into which whole bundles can be put and out of which nothing can be read."""

import asyncio
import os
import posixpath
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, NoReturn

import asyncssh
from asyncssh import SFTPAttrs, SFTPName

from rostering.sftp.folders import HIDDEN, is_bundle_name, is_unfinished_name, is_whole

KEPT: Final = 10
"""So many bundles stay in a folder; an older one goes when the next has arrived."""
MOST_UNFINISHED: Final = 20
MOST_OPEN: Final = 4
STALE_SECONDS: Final = 24 * 3600
NOT_WHOLE: Final = "This is not a whole zip file: nothing was kept. Send it again."
NAMES: Final = (
    "Put one .zip into this folder, under a plain name; it may be called .part or .filepart while it is sent."
)


@dataclass
class Arriving:
    """A file that is being written: under a hidden name, until it is closed and found to be whole."""

    file: IO[bytes]
    hidden: Path
    final: Path
    written: int = 0
    end: int = 0
    refused: bool = False


class DropFolder(asyncssh.SFTPServer):
    """One session in one district's drop folder. Paths lead nowhere else: only the last part of `/name` counts.

    Args:
        folder: the district's drop folder.
        most_bytes: how large a file may be.
    """

    def __init__(self, chan: "asyncssh.SSHServerChannel[bytes]", folder: Path, most_bytes: int) -> None:
        self._folder, self._most_bytes, self._open = folder, most_bytes, list[Arriving]()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(chan, chroot=os.fsencode(folder))
        _remove_stale(folder)

    def open(self, path: bytes, pflags: int, attrs: SFTPAttrs) -> Arriving:
        """Begin a file. Nothing can be read, and nothing that is there can be written into."""
        if not pflags & asyncssh.FXF_WRITE or pflags & (asyncssh.FXF_READ | asyncssh.FXF_APPEND):
            raise asyncssh.SFTPPermissionDenied("Files can be put here, whole, and not read.")
        final = self._path(path)
        if pflags & asyncssh.FXF_EXCL and final.exists():
            raise asyncssh.SFTPFailure("There is a file of this name.")
        if len(self._open) >= MOST_OPEN or len(_unfinished(self._folder)) >= MOST_UNFINISHED:
            raise asyncssh.SFTPFailure("Too many files are being sent at once.")
        hidden = self._folder / f"{HIDDEN}{secrets.token_hex(8)}"
        arriving = Arriving(hidden.open("xb", buffering=0), hidden, final)
        self._open.append(arriving)
        return arriving

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        """Take a piece of a file, as long as it does not get too large."""
        arriving = _arriving(file_obj)
        if offset + len(data) > self._most_bytes:
            arriving.refused = True
            raise asyncssh.SFTPFailure(f"A bundle may have {self._most_bytes >> 20} MB at most.")
        arriving.file.seek(offset)
        arriving.file.write(data)
        arriving.written += len(data)
        arriving.end = max(arriving.end, offset + len(data))
        return len(data)

    async def close(self, file_obj: object) -> None:
        """Take a file that is whole under its own name; drop what is not.

        A connection that breaks off closes its files too: so it is the file that says whether it is whole.
        """
        arriving = _arriving(file_obj)
        if arriving in self._open:
            self._open.remove(arriving)
        if not await asyncio.to_thread(_settle, arriving) and not self._chan.is_closing():
            raise asyncssh.SFTPFailure(NOT_WHOLE)

    def exit(self) -> None:
        """Drop what is still open."""
        for arriving in self._open:
            arriving.file.close()
            arriving.hidden.unlink(missing_ok=True)
        self._open.clear()

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """Give a file that was sent under an unfinished name its own; not over another one."""
        if self._path(newpath).exists():
            raise asyncssh.SFTPFailure("There is a file of this name.")
        self.posix_rename(oldpath, newpath)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        """The same, over another one."""
        old, new = self._path(oldpath), self._path(newpath)
        if not is_unfinished_name(old.name):
            raise asyncssh.SFTPPermissionDenied("A bundle that has arrived keeps its name.")
        if not old.is_file():
            raise asyncssh.SFTPNoSuchFile("There is no such file.")
        if is_bundle_name(new.name) and not is_whole(old):
            raise asyncssh.SFTPFailure(NOT_WHOLE)
        old.replace(new)
        _arrived(new)

    def remove(self, path: bytes) -> None:
        """Take an unfinished file away."""
        found = self._path(path)
        if not is_unfinished_name(found.name):
            raise asyncssh.SFTPPermissionDenied("A bundle that has arrived stays.")
        if not found.is_file():
            raise asyncssh.SFTPNoSuchFile("There is no such file.")
        found.unlink()

    async def scandir(self, path: bytes) -> AsyncIterator[SFTPName]:
        """The bundles that have arrived, and what is unfinished."""
        if posixpath.normpath(posixpath.join(b"/", path)).strip(b"/"):
            raise asyncssh.SFTPNoSuchFile("There is one folder only.")
        for entry in sorted(self._folder.iterdir()):
            if (is_bundle_name(entry.name) or is_unfinished_name(entry.name)) and entry.is_file():
                yield SFTPName(os.fsencode(entry.name), attrs=SFTPAttrs.from_local(entry.lstat()))

    def stat(self, path: bytes) -> SFTPAttrs:
        """The folder's or a file's size and time."""
        if not posixpath.normpath(posixpath.join(b"/", path)).strip(b"/"):
            return SFTPAttrs.from_local(self._folder.stat())
        try:
            return SFTPAttrs.from_local(self._path(path).lstat())
        except FileNotFoundError:
            raise asyncssh.SFTPNoSuchFile("There is no such file.") from None

    lstat = stat

    def fstat(self, file_obj: object) -> SFTPAttrs:
        """The size of a file that is being sent."""
        return SFTPAttrs(size=_arriving(file_obj).end)

    def realpath(self, path: bytes) -> bytes:
        """A path as this account sees it."""
        return posixpath.normpath(posixpath.join(b"/", path)).replace(b"//", b"/")

    def setstat(self, path: bytes, attrs: SFTPAttrs) -> None:
        """Times and rights that a client wants to keep are of no use here: a bundle's time is when it arrived."""

    lsetstat = setstat

    def fsetstat(self, file_obj: object, attrs: SFTPAttrs) -> None:
        """As `setstat`."""

    def _refuse(self, *_: Any) -> NoReturn:
        raise asyncssh.SFTPPermissionDenied(NAMES)

    def _path(self, path: bytes) -> Path:
        """The file that a path names. Folders, links and other names there are none."""
        try:
            name = posixpath.normpath(posixpath.join(b"/", path)).lstrip(b"/").decode()
        except UnicodeDecodeError:
            raise asyncssh.SFTPPermissionDenied(NAMES) from None
        if not (is_bundle_name(name) or is_unfinished_name(name)) or (self._folder / name).is_symlink():
            raise asyncssh.SFTPPermissionDenied(NAMES)
        return self._folder / name


for _deed in (
    "read",
    "mkdir",
    "rmdir",
    "readlink",
    "symlink",
    "link",
    "statvfs",
    "fstatvfs",
    "lock",
    "unlock",
    "open56",
):
    setattr(DropFolder, _deed, DropFolder._refuse)  # whatever else the base class can do


def _arriving(file_obj: object) -> Arriving:
    if not isinstance(file_obj, Arriving):
        raise asyncssh.SFTPFailure("This is no file that is being sent.")
    return file_obj


def _settle(arriving: Arriving) -> bool:
    """Whether the file is whole: without holes, and a zip to its end where it is called one."""
    with arriving.file:
        os.fsync(arriving.file.fileno())
    whole = not arriving.refused and arriving.written == arriving.end
    if whole and is_bundle_name(arriving.final.name):
        whole = is_whole(arriving.hidden)
    if not whole:
        arriving.hidden.unlink(missing_ok=True)
        return False
    arriving.hidden.replace(arriving.final)
    _arrived(arriving.final)
    return True


def _arrived(path: Path) -> None:
    """Note the time of a bundle's arrival, and let the oldest go."""
    os.utime(path)
    if not is_bundle_name(path.name):
        return
    bundles = [each for each in path.parent.iterdir() if is_bundle_name(each.name) and each.is_file()]
    for old in sorted(bundles, key=lambda each: each.stat().st_mtime, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)


def _unfinished(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.name.startswith(HIDDEN) or is_unfinished_name(each.name)]


def _remove_stale(folder: Path) -> None:
    """What a killed server or a client that never came back has left."""
    for each in _unfinished(folder):
        if time.time() - each.stat().st_mtime > STALE_SECONDS:
            each.unlink(missing_ok=True)
