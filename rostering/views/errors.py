"""A sync's errors as a file for a spreadsheet."""

import csv
import uuid
from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from rostering.models import Sync, SyncError

RISKY = ("=", "+", "-", "@", "\t", "\r")
BLOCK = 2000


class _Line:
    """A file that gives each written line back."""

    def write(self, text: str) -> str:
        return text


def neutralised(value: object) -> str:
    """A value that no spreadsheet takes for a formula.

    >>> neutralised("=1+1"), neutralised(12)
    ("'=1+1", '12')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) or text.startswith(RISKY) else text


@require_safe
def sync_errors_csv(request: HttpRequest, key: uuid.UUID) -> StreamingHttpResponse:
    """All errors of a sync: file, row, column, what is wrong and how to mend it, and the value where nobody's."""
    sync = get_object_or_404(Sync, pk=key)
    return StreamingHttpResponse(
        _lines(sync),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="roster-errors-{sync.as_of}-{str(sync.pk)[:8]}.csv"'},
    )


def _lines(sync: Sync) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow(["file", "row", "column", "code", "value", "what is wrong and how to mend it"])
    last = 0
    while errors := list(SyncError.objects.filter(sync=sync, id__gt=last).order_by("id")[:BLOCK]):
        for error in errors:
            cells = (error.file, error.row, error.column, error.code, error.value, error.message)
            yield writer.writerow([neutralised(cell) for cell in cells])
        last = errors[-1].pk
