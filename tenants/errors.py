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
    """Another district has, or had, this slug: slugs are never used again, so that old records stay unambiguous."""


class InvalidDistrictError(DistrictError):
    """What was given for a district is wrong; `problems` says of each field what and how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems.items()))


def describe_error(error: BaseException) -> str:
    """An error as one line for records and logs, without the row values that a database error carries in its detail."""
    diagnostics = getattr(error.__cause__ if error.__cause__ is not None else error, "diag", None)
    message = getattr(diagnostics, "message_primary", None) or str(error)
    return f"{type(error).__name__}: {message}"
