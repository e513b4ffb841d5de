"""What can go wrong with a provider. The message is for whoever entered its address: what happened, what to do."""

from rostering.errors import RosterError


class ProviderError(RosterError):
    """The provider's answer cannot be used. Nothing was changed."""


class NotOfferedError(ProviderError):
    """The provider has no such collection, or not for this client."""


class NoFilterError(ProviderError):
    """The provider cannot say what has changed since: it refuses the filter."""


class UnevenError(ProviderError):
    """The pages of a collection do not fit together."""
