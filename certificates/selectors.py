"""Reading certificates: the newest version of each, the versions of one, and that of a ledger entry."""

from django.db.models import QuerySet

from certificates.models import Certificate
from certificates.numbers import read_number


def newest_certificates(district_id: int, before: int | None = None) -> QuerySet[Certificate]:
    """The newest version of each certificate of a district, by ledger entry, the newest entry first.

    Args:
        before: only entries with a smaller number: the next page.
    """
    found = Certificate.objects.filter(district_id=district_id, superseded_by=None)
    if before is not None:
        found = found.filter(ledger_number__lt=before)
    return found.order_by("-ledger_number")


def versions_of(number: str) -> list[Certificate]:
    """All versions of a certificate, the newest first; none where nobody has issued this number."""
    plain = read_number(number)
    return list(Certificate.objects.filter(number=plain).order_by("-version")) if plain else []
