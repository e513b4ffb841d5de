"""What may be wrong with an event."""


class EventError(Exception):
    """The event is none that may be noted."""
