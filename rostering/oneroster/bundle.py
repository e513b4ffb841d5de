"""Opening a bundle: a zip or a folder. Members are streamed; nothing is ever unpacked to a path."""

import hashlib
import stat
import zipfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from rostering.oneroster.findings import Findings
from rostering.oneroster.specs import FILES

BLOCK = 1 << 20
MANIFEST = "manifest.csv"
KNOWN = {spec.file.lower(): spec.file for spec in FILES} | {MANIFEST: MANIFEST}
JUNK = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")
MAX_UNPACKED_BYTES = 8 << 30
MAX_RATIO = 250
RATIO_FREE_BYTES = 64 << 20
"""A zip below this size unpacked may be packed as tightly as it likes."""


@dataclass(frozen=True)
class Member:
    """One file of a bundle, by its proper name."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass
class Bundle:
    """The files of a bundle. `digest` is of their names and contents, however they are packed."""

    name: str
    members: dict[str, Member] = field(default_factory=dict)
    digest: str = ""


def open_bundle(path: Path, found: Findings, stack: ExitStack) -> Bundle:
    """Open a zip or folder, and note what is wrong with the package itself.

    Args:
        path: the zip or folder.
        found: takes the problems; without errors in it the bundle may be read.
        stack: closes the zip.
    """
    bundle = Bundle(path.name)
    try:
        entries = _folder(path) if path.is_dir() else _zip(path, found, stack)
        for name, member in _placed(entries, found):
            _admit(bundle, name, member, found)
    except (OSError, zipfile.BadZipFile) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a readable zip file"
        found.add("package.unreadable", detail=reason)
    return bundle


def read_digest(bundle: Bundle, found: Findings) -> str:
    """The SHA-256 of the bundle's contents: one digest per file, and one over those."""
    whole = hashlib.sha256()
    for name in sorted(bundle.members):
        try:
            with bundle.members[name].open() as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
        except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
            found.add("package.unreadable", name, detail="the file is damaged")
            continue
        whole.update(f"{name} {digest}\n".encode())
    bundle.digest = whole.hexdigest()
    return bundle.digest


def _folder(path: Path) -> list[Member]:
    files = [entry for entry in sorted(path.iterdir()) if not entry.is_dir()]
    return [_folder_member(entry) for entry in files]


def _folder_member(entry: Path) -> Member:
    details = entry.stat()
    if not stat.S_ISREG(details.st_mode):
        raise OSError(0, f"{entry.name} is not a plain file")
    return Member(entry.name, details.st_size, lambda: entry.open("rb"))


def _zip(path: Path, found: Findings, stack: ExitStack) -> list[Member]:
    archive = stack.enter_context(zipfile.ZipFile(path))
    limit = getattr(settings, "ROSTER_MAX_UNPACKED_BYTES", MAX_UNPACKED_BYTES)
    ratio = getattr(settings, "ROSTER_MAX_RATIO", MAX_RATIO)
    infos = [info for info in archive.infolist() if not info.is_dir()]
    unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    if unpacked > limit:
        found.add("package.too_large", detail=f"{unpacked:,} bytes, the limit is {limit:,}")
        return []
    if unpacked > RATIO_FREE_BYTES and unpacked > ratio * max(packed, 1):
        found.add("package.too_large", detail=f"more than {ratio} times its packed size")
        return []
    members = []
    for info in infos:
        if _is_unsafe(info):
            found.add("package.unsafe_member")
        else:
            members.append(_zip_member(archive, info))
    return members


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    return Member(info.filename, info.file_size, lambda: archive.open(info))  # type: ignore[arg-type, return-value]


def _is_unsafe(info: zipfile.ZipInfo) -> bool:
    """Encrypted, a link, or a name that leads elsewhere."""
    encrypted = info.flag_bits & 0x1
    link = stat.S_ISLNK(info.external_attr >> 16)
    name = info.orig_filename
    leads_away = name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")
    return bool(encrypted or link or leads_away)


def _placed(entries: Iterable[Member], found: Findings) -> list[tuple[str, Member]]:
    """The members with their names at the root: one inner folder may hold them all, which is a known habit."""
    kept = []
    for member in entries:
        parts = member.name.lower().split("/")
        if parts[0] in JUNK or parts[-1] in JUNK or parts[-1].startswith("._"):
            found.warn("package.extra_file", "", "", 1)
        else:
            kept.append(member)
    folders = {member.name.rpartition("/")[0] for member in kept}
    if len(folders) == 1 and (folder := folders.pop()):
        found.add("package.inner_folder")
        return [(member.name[len(folder) + 1 :], member) for member in kept]
    return [(member.name, member) for member in kept]


def _admit(bundle: Bundle, name: str, member: Member, found: Findings) -> None:
    proper = KNOWN.get(name.lower())
    if proper is None:
        found.add("package.extra_file")
        return
    if proper in bundle.members:
        found.add("package.duplicate_file", proper)
        return
    if proper != name:
        found.add("package.file_name_case", proper, detail=proper)
    bundle.members[proper] = Member(proper, member.size, member.open)
