"""Every file of the CSV binding, in an order in which references point backwards."""

from rostering.oneroster.columns import FileSpec
from rostering.oneroster.specs_other import OTHER_FILES
from rostering.oneroster.specs_roster import ROSTER_FILES

FILES: tuple[FileSpec, ...] = (*ROSTER_FILES, *OTHER_FILES)
BY_NAME = {spec.name: spec for spec in FILES}


def files_of(version: str) -> tuple[FileSpec, ...]:
    """The files that exist in a version of the binding."""
    return tuple(spec for spec in FILES if version in spec.versions)
