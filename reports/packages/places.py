"""Where packages lie: a folder each, in the district's own folder."""

from pathlib import Path
from typing import Final

from django.conf import settings

from reports.packages.models import Package

FOLDER: Final = "packages"
PLAIN: Final = "package.zip"
SEALED: Final = "package.zip.age"
WORK: Final = "work"
KEYS: Final = "students.keys"
"""Which students are in it, by surrogate key; see `reports.kept`."""


def folder_of(package: Package) -> Path:
    """A package's own folder; nothing else lies in it."""
    return Path(settings.MEDIA_ROOT) / str(package.district.schema_name) / FOLDER / str(package.pk)


def path_of(package: Package) -> Path:
    """The finished file of a package."""
    return Path(settings.MEDIA_ROOT) / str(package.district.schema_name) / package.file
