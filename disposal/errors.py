"""What can be wrong with a request."""


class DisposalError(ValueError):
    """The request cannot be made, decided or done like this; the message says why. Nothing was changed."""
