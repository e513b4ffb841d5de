"""What can go wrong when data is made up. Each docstring is the message's meaning."""


class GenerationError(Exception):
    """Nothing was made."""


class NobodyRosteredError(GenerationError):
    """The district has no active students at any school: import a roster first."""


class AlreadyFilledError(GenerationError):
    """The suite has data in this district already; made-up data is not mixed with it."""
