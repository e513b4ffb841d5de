"""What can go wrong with an import. In each case nothing was changed; nothing personal is in a message."""


class TransferError(Exception):
    """What the database did is not what the import means: everything was rolled back."""


class TransferRefusedError(TransferError):
    """It cannot be done (any more); the message says why, and what to do."""


class StillImportingError(TransferError):
    """The import is being written at this moment: what waits for its end is tried again."""
