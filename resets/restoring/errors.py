"""What stops a restore. Nothing was changed."""

from resets.engine.errors import PermanentResetError


class RestoreRefusedError(PermanentResetError):
    """This reset cannot be undone like this (any more); the message says why."""
