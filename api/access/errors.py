"""What can be wrong with what somebody asks of a client."""


class ClientError(Exception):
    """A client cannot be made or changed so; the message says why, for whoever asked."""
