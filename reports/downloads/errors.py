"""What can be wrong with a download."""


class TooManyFilesError(ValueError):
    """Somebody waits for as many files as one may; the message says so. Nothing was asked for."""


class FileGoneError(LookupError):
    """A prepared file is not there any more; the message says why."""
