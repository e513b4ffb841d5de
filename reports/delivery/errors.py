"""What can be wrong with a subscription."""


class DeliveryError(ValueError):
    """It cannot be made like this; the message says why. Nothing was changed."""
