"""Stored files of a package: put where its rows name them, and taken away again if the load does not commit."""

import zipfile
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from reports.packages.contents import stored_files
from reports.packages.loading.errors import LoadRefusedError
from reports.packages.manifest import Manifest
from tenants.schema import current_schema
from tenants.zips import PART, digest_of

FOLDER: Final = "files/"
OURS: Final = frozenset({"packages", "exports", "uploads", "report-files"})
"""Folders of a district in which no product keeps a student's file."""


def place_files(archive: zipfile.ZipFile, manifest: Manifest) -> list[Path]:
    """Write the package's stored files below the entered district's own folder; returns those that are new.

    Raises:
        LoadRefusedError: one is named by no row, or another one lies there; those that were written are gone again.
    """
    root = (Path(settings.MEDIA_ROOT) / current_schema()).resolve()
    named = _named(manifest)
    written: list[Path] = []
    problems: list[str] = []
    try:
        for member in archive.infolist():
            if member.filename.startswith(FOLDER):
                problems += _place(archive, member, root, named, written)
        if problems:
            raise LoadRefusedError(problems)
    except BaseException:
        remove_files(written)
        raise
    return written


def remove_files(written: list[Path]) -> None:
    """Take away files that were written for a load that does not commit."""
    for path in written:
        path.unlink(missing_ok=True)


def _place(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, root: Path, named: set[str], written: list[Path]
) -> list[str]:
    name = member.filename.removeprefix(FOLDER)
    path = (root / name).resolve()
    if name not in named or not path.is_relative_to(root) or path.relative_to(root).parts[0] in OURS:
        return [f"{member.filename} is named by no row."]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.loading")
    written.append(fresh)
    with archive.open(member) as inner, fresh.open("wb") as out:
        while part := inner.read(PART):
            out.write(part)
    if path.exists():
        same = digest_of(path) == digest_of(fresh)
        fresh.unlink()
        return [] if same else [f"{member.filename} is another file here."]
    fresh.rename(path)
    written.append(path)
    return []


def _named(manifest: Manifest) -> set[str]:
    query = stored_files(manifest.suite, manifest.school_year)
    if query is None:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {str(row[0]) for row in cursor.fetchall()}
