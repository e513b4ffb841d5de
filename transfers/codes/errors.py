"""Why a code cannot be generated, used or revoked: the source's answer for each case. Nothing was changed.

The messages are for people, and hold nothing personal and nothing of the code but the symbol that is in none.
"""

from typing import Final

NEW_CODE: Final = "contact the administrator of the students' original Renaissance site and request a new code"


class CodeError(Exception):
    """The base of these errors; the message says why, and what to do."""


class CodeRefusedError(CodeError):
    """A code was entered that cannot be used on this site now. The classes below tell why."""

    words = ""

    def __init__(self, words: str = "") -> None:
        super().__init__(words or self.words)


class MistypedCodeError(CodeRefusedError):
    """No code looks like this: the check symbols do not fit."""


class UnknownCodeError(CodeRefusedError):
    """It looks like a code, and there is none such."""

    words = f"No site knows this transfer code, though it is not mistyped. Compare it with the e-mail, or {NEW_CODE}."


class UsedCodeError(CodeRefusedError):
    """It was used already."""

    words = (
        "A code cannot be used to transfer student data more than once. If the code has already been used, you may "
        "need to request student data again."
    )


class ExpiredCodeError(CodeRefusedError):
    """More than 30 days have passed."""

    words = (
        f"Codes must be used within 30 days. If more than 30 days has passed since the code was generated, {NEW_CODE}."
    )


class RevokedCodeError(CodeRefusedError):
    """Its site has taken it back."""

    words = f"This code was revoked on the site where it was generated. If you still need the data, {NEW_CODE}."


class OwnCodeError(CodeRefusedError):
    """It was made here."""

    words = (
        "You cannot use a code on the same site where the code was generated - in that case, the data is already on "
        "the site and doesn't need to be transferred."
    )


class NobodyLeftError(CodeRefusedError):
    """All of its students were anonymized meanwhile."""

    words = (
        "None of the students of this code is on the previous site by name any more, so nothing can be transferred. "
        "The code was not used. Ask the administrator of that site."
    )


class SourceGoneError(CodeRefusedError):
    """The district that made it was removed."""

    words = "The site where this code was generated is not there any more, so nothing can be transferred."


class TooManyGuessesError(CodeRefusedError):
    """Too many unknown codes in the last minutes, by a person or on a site."""

    words = (
        "Too many codes that no site knows were entered here in the last 15 minutes. Wait 15 minutes, copy the code "
        "from the e-mail, and enter it again."
    )


class NotSubscribedError(CodeError):
    """The district has no Renaissance product: there is nothing to give, and no place for what would come."""


class NobodyToGiveError(CodeError):
    """Nobody is enrolled whom the code would be for."""


class GeneratedAlreadyError(CodeError):
    """The same form was sent before: its code was shown then, and is not made a second time."""


class NotRevocableError(CodeError):
    """A code that is used, expired or revoked already cannot be revoked."""
