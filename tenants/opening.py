"""Whether a district may be entered at all. A layer above may close one, for a database that is older than its ledger.

The question is asked wherever a district is entered, by requests, jobs and commands alike, so each check must be cheap.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tenants.models import District

Check = Callable[[District], None]
"""Raises DistrictClosedError, with the reason, for a district that is closed."""

_checks: list[Check] = []
_mended: ContextVar[int | None] = ContextVar("mended_district", default=None)


def register_check(check: Check) -> None:
    """Add a check that every entry into a district passes."""
    if check not in _checks:
        _checks.append(check)


def check_open(district: District) -> None:
    """Refuse a closed district.

    Raises:
        DistrictClosedError: it is closed; the message says why, and what opens it.
    """
    if _mended.get() != district.pk:
        for check in _checks:
            check(district)


@contextmanager
def entered_while_closed(district: District) -> Iterator[None]:
    """Let this thread enter a closed district for the block: for the work that opens it again."""
    token = _mended.set(district.pk)
    try:
        yield
    finally:
        _mended.reset(token)
