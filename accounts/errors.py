"""What can go wrong with people who log in. Each docstring is the message's meaning."""


class AccountError(Exception):
    """The account was not made or changed."""


class InvalidUserError(AccountError):
    """What was given for a user is wrong; `problems` says of each field what and how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems.items()))


class UnlistedUrlError(AccountError):
    """A URL is not in the permission matrix: add its name to accounts/permissions.py, with who may open it."""


class WrongSchemaError(AccountError):
    """Vendor staff belong to the public schema, a district's people to the district's: the other one is entered."""


class VisitError(AccountError):
    """A support visit was not asked for or not opened, for the reason that the message gives."""
