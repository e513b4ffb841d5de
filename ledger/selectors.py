"""Reading the ledger."""

from ledger.models import LedgerEntry


def root_of(district_id: int, number: int) -> str:
    """The digest of an entry: it covers the entry and every one before it.

    Raises:
        LedgerEntry.DoesNotExist: there is no such entry.
    """
    return LedgerEntry.objects.values_list("digest", flat=True).get(district_id=district_id, number=number)
