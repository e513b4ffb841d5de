"""Guesses are limited: after too many codes that no site knows, nothing is looked up for a while."""

from typing import Final

from accounts.throttle import has_been_too_often, is_too_often
from tenants.models import District
from transfers.codes.errors import TooManyGuessesError

UNKNOWN: Final = "unknown-transfer-codes"
WINDOW_SECONDS: Final = 15 * 60
BY_PERSON: Final = 10
BY_HOST: Final = 50
EVERYBODY: Final = "everybody"


def check_guesses(district: District, actor: str) -> None:
    """Refuse to look anything up after too many guesses, by a person or on a district's host.

    Raises:
        TooManyGuessesError: there were too many in the last minutes.
    """
    for who, allowed in ((actor, BY_PERSON), (EVERYBODY, BY_HOST)):
        if has_been_too_often(UNKNOWN, str(district.pk), who, allowed):
            raise TooManyGuessesError


def count_guess(district: District, actor: str) -> None:
    """One more code that no site knows."""
    for who, allowed in ((actor, BY_PERSON), (EVERYBODY, BY_HOST)):
        is_too_often(UNKNOWN, str(district.pk), who, allowed, WINDOW_SECONDS)
