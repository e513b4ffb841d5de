"""What can be wrong with a query."""


class QueryError(ValueError):
    """A parameter says something that cannot be done.

    Attributes:
        minor: OneRoster's name of the mistake (imsx_codeMinorFieldValue).
        status: the HTTP status that goes with it.
    """

    def __init__(self, minor: str, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.minor, self.status = minor, status


def bad_filter(text: str) -> QueryError:
    """A filter that cannot be applied."""
    return QueryError("invalid_filter_field", text)


def bad_selection(text: str) -> QueryError:
    """A field that cannot be selected, or sorted by."""
    return QueryError("invalid_selection_field", text)


def bad_value(text: str) -> QueryError:
    """A parameter that is not of its type."""
    return QueryError("invaliddata", text, 422)
