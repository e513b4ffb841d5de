"""The drop folders as SFTP and the page see them: names, sizes, whole files, and the host's own key."""

import datetime as dt
import os
import re
import zipfile
from pathlib import Path
from typing import Final

from django.conf import settings

from rostering.services.nightly import UNFINISHED, drop_folder
from tenants.models import District

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,119}")
HIDDEN: Final = ".incoming-"
"""How a file is called while it arrives: no sync takes it, and no client sees it."""
HOST_KEYS: Final = ".host_keys"
"""In the drop folders' root: the public host keys that the running server shows."""


def is_bundle_name(name: str) -> bool:
    """Whether a bundle may be called so.

    >>> [is_bundle_name(name) for name in ("roster.zip", "Roster 1.ZIP", ".zip", "a/b.zip", "x.csv", "x.zip.part")]
    [True, True, False, False, False, False]
    """
    return bool(NAME.fullmatch(name)) and name.lower().endswith(".zip")


def is_unfinished_name(name: str) -> bool:
    """Whether clients that rename at the end call a file so while it arrives."""
    return bool(NAME.fullmatch(name)) and name.lower().endswith(UNFINISHED)


def is_whole(path: Path) -> bool:
    """Whether a file is a zip to its end: the end is where a zip keeps the list of what is in it."""
    return zipfile.is_zipfile(path)


def last_delivery(district: District) -> tuple[str, dt.datetime] | None:
    """The newest bundle in a district's folder, and when it had arrived."""
    folder = drop_folder(district)
    if not folder.is_dir():
        return None
    found = [(entry.stat().st_mtime, entry.name) for entry in os.scandir(folder) if is_bundle_name(entry.name)]
    if not found:
        return None
    when, name = max(found)
    return name, dt.datetime.fromtimestamp(when, dt.UTC)


def publish_host_keys(fingerprints: list[str]) -> None:
    """Let the pages show by which fingerprints the running server is known."""
    root = Path(settings.DROP_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    (root / HOST_KEYS).write_text("\n".join(fingerprints) + "\n")


def host_fingerprints() -> list[str]:
    """The fingerprints of the server that ran last here; none where none has."""
    try:
        return (Path(settings.DROP_ROOT) / HOST_KEYS).read_text().split("\n")[:-1]
    except OSError:
        return []
