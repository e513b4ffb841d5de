"""The search that follows a disposition: what was searched, and what was found."""

from typing import Any, Final

from ledger.models import LedgerEntry

NOT_ASKED: Final = "No search for identifiers follows a disposition of this kind."


def search_lines(entry: LedgerEntry) -> dict[str, Any]:
    """The result in words, and a line for each place."""
    return {"words": NOT_ASKED, "lines": []}
