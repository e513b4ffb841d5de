"""What can go wrong around the download of a year's data."""

from resets.errors import ScheduleError, WorkStoppedError


class ExportError(ScheduleError):
    """The state of the year's data does not allow it; nothing was changed."""


class WaitsForExportError(WorkStoppedError):
    """The reset waits for the download of the year's data; nothing was changed, and it is no failure."""
