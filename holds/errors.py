"""Why a hold is not placed or lifted. Nothing was changed."""


class HoldError(Exception):
    """A hold cannot be placed or lifted as asked; the message says why and what to do."""
