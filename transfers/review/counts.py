"""The numbers under the import preview: new and matched students, those to look at, those reviewed."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from transfers.imports.models import IncomingStudent
from transfers.review.students import ASKED


@dataclass(frozen=True)
class PreviewCounts:
    """What stands under an import preview.

    Attributes:
        staged: how many are here; while the data is still being analyzed, so far.
        flagged: how many are especially in need of review, and not reviewed yet.
    """

    staged: int = 0
    new: int = 0
    matched: int = 0
    flagged: int = 0
    reviewed: int = 0


def preview_counts(imports: Iterable[UUID]) -> dict[UUID, PreviewCounts]:
    """The numbers of some imports of the entered district, in one query; imports without students are left out."""
    numbered = (
        IncomingStudent.objects.filter(transfer__in=list(imports))
        .order_by()
        .values_list("transfer_id")
        .annotate(
            Count("pk"),
            news=Count("pk", filter=ASKED["new"]),
            matches=Count("pk", filter=ASKED["matched"]),
            flags=Count("pk", filter=ASKED["review"]),
            reviews=Count("pk", filter=ASKED["reviewed"]),
        )
    )
    return {key: PreviewCounts(*numbers) for key, *numbers in numbered}
