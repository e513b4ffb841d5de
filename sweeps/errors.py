"""What can be wrong with a search."""


class SweepWaitsError(RuntimeError):
    """The storage is not rewritten yet: the search comes after it, and is tried again."""


class IncidentError(ValueError):
    """An incident cannot be closed like this; the message says why."""
