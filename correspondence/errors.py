"""What correspondence refuses to do, and why."""


class CorrespondenceError(Exception):
    """The base of these errors; the message is for people."""


class PlaceholderError(CorrespondenceError):
    """A template's text uses a placeholder that does not exist."""


class LetterError(CorrespondenceError):
    """A letter cannot be sent again."""


class LaterError(CorrespondenceError):
    """The mail server takes the letter later, or cannot be reached now: the job tries again."""
