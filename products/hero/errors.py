"""What can go wrong with Hero's settings. Nothing was changed."""


class SettingError(Exception):
    """A setting cannot be changed as asked."""


class ConfirmationNeededError(SettingError):
    """The archive is still ahead, and nobody has confirmed the change after the source's warning."""
