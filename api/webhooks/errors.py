"""What may not be done with a webhook, in words for whoever asked."""


class WebhookError(Exception):
    """It is refused; the message says why."""
