"""What changes a roster."""

from rostering.services.educators import bring_back_educators, remove_educators
from rostering.services.error_files import errors_as_csv
from rostering.services.importing import import_bundle
from rostering.services.pauses import (
    declare_rostering_complete,
    except_from_return_window,
    open_return_window,
    pause_syncs,
)
from rostering.services.removals import release_removals

__all__ = [
    "bring_back_educators",
    "declare_rostering_complete",
    "errors_as_csv",
    "except_from_return_window",
    "import_bundle",
    "open_return_window",
    "pause_syncs",
    "release_removals",
    "remove_educators",
]
