"""Where a student's records came from: "Every record keeps its lineage (which district, which import)"."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from transfers.imports.models import Import, ImportedRow, ImportedStudent
from transfers.review.history import HERE


@dataclass(frozen=True)
class CameWith:
    """A transfer with which a student, or some of their records, came.

    Attributes:
        records: how many of the student's records are from it.
    """

    transfer: Import
    records: int

    @property
    def at(self) -> dt.datetime:
        """When they were imported."""
        return self.transfer.finished_at or self.transfer.requested_at


def came_with(student_id: int) -> list[CameWith]:
    """The transfers with which a student of the entered district came, the newest first. One query.

    Also one whose line of the log is of another student by now, as long as records of it are this one's.
    """
    lines = ImportedStudent.objects.filter(student=student_id, source_status__in=HERE)
    rows = ImportedRow.objects.filter(student=student_id)
    own = rows.filter(transfer=OuterRef("pk")).order_by().values("transfer").annotate(count=Count("pk"))
    imports = Import.objects.filter(Q(pk__in=lines.values("transfer")) | Q(pk__in=rows.values("transfer")))
    counted = imports.annotate(records=Coalesce(Subquery(own.values("count")), 0))
    return [CameWith(one, one.records) for one in counted.order_by("-finished_at", "-pk")]
