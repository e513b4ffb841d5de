"""What can go wrong with packages. The messages are for people."""


class PackageError(Exception):
    """The package cannot be asked for, built or handed out; nothing was changed."""


class StaleError(PackageError):
    """Somebody whose data is in the package was erased while it was being built."""


class DamagedError(PackageError):
    """What was written is not what is in the file."""
