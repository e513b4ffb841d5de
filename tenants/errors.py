"""What can go wrong when a district is entered, made or removed. Each docstring is the message's meaning."""

import re
import traceback
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATA_EXCEPTION = "22"
"""The SQLSTATE class whose messages quote the offending value."""
QUOTED = re.compile(r'"[^"]*"')


class DistrictError(Exception):
    """The district cannot be used; nothing was done."""


class DistrictGoneError(DistrictError):
    """The district does not exist (any more)."""


class DistrictRenamedError(DistrictError):
    """The district's schema is not the one that the caller knew."""


class SchemaMissingError(DistrictError):
    """The district's schema does not exist in this database."""


class DistrictClosedError(DistrictError):
    """The database is older than the district's ledger: nobody enters until what is lost has been replayed."""


class DistrictExistsError(DistrictError):
    """Another district has, or had, this slug: slugs are never used again, so that old records stay unambiguous."""


class InvalidDistrictError(DistrictError):
    """What was given for a district is wrong; `problems` says of each field what and how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems.items()))


class NotNowError(Exception):
    """A person has stopped the work: it goes back to waiting, and the attempt is not counted."""


class UnknownKindError(LookupError):
    """A job is of a kind that no app of this code has registered."""


def describe_error(error: BaseException) -> str:
    """An error as one line for records and logs, without values from rows, which may be personal.

    Yearturn's own errors say nothing personal, and are told as they are. Of a database error the primary message is
    told, without the detail and without the quoted value of a malformed one. Of any other only where it happened.
    """
    name = type(error).__name__
    diagnostics = getattr(error.__cause__ if error.__cause__ is not None else error, "diag", None)
    if diagnostics is not None and diagnostics.message_primary:
        message = str(diagnostics.message_primary)
        if str(diagnostics.sqlstate or "").startswith(DATA_EXCEPTION):
            message = QUOTED.sub("(a value)", message)
        return f"{name}: {message}"
    if _is_own(type(error)):
        return f"{name}: {error}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _in_project(frame.filename)]
    if not frames:
        return name
    last = frames[-1]
    return f"{name} in {Path(last.filename).relative_to(PROJECT)}, line {last.lineno}"


def _is_own(kind: type[BaseException]) -> bool:
    return (PROJECT / kind.__module__.partition(".")[0]).is_dir()


def _in_project(file_name: str) -> bool:
    path = Path(file_name)
    return path.is_relative_to(PROJECT) and "site-packages" not in path.parts
