"""What can go wrong when a district is entered, made or removed. Each docstring is the message's meaning."""


class DistrictError(Exception):
    """The district cannot be used; nothing was done."""


class DistrictGoneError(DistrictError):
    """The district does not exist (any more)."""


class DistrictRenamedError(DistrictError):
    """The district's schema is not the one that the caller knew."""


class SchemaMissingError(DistrictError):
    """The district's schema does not exist in this database."""


class DistrictExistsError(DistrictError):
    """Another district already has this slug."""


class InvalidDistrictError(DistrictError):
    """The district's own dates, time zone or slug contradict each other."""


def describe_error(error: BaseException) -> str:
    """An error as one line for records and logs, without the row values that a database error carries in its detail."""
    diagnostics = getattr(error.__cause__ if error.__cause__ is not None else error, "diag", None)
    message = getattr(diagnostics, "message_primary", None) or str(error)
    return f"{type(error).__name__}: {message}"
