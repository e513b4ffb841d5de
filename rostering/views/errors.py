"""A sync's errors as a file for a spreadsheet."""

import uuid
from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from rostering.models import Sync
from rostering.services.error_files import errors_as_csv


@require_safe
def sync_errors_csv(request: HttpRequest, key: uuid.UUID) -> StreamingHttpResponse:
    """All errors of a sync: file, row, column, what is wrong and how to mend it, and the value where nobody's."""
    sync = get_object_or_404(Sync, pk=key)
    name = f"roster-errors-{sync.as_of}-{str(sync.pk)[:8]}.csv"
    return StreamingHttpResponse(
        _with_mark(sync),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _with_mark(sync: Sync) -> Iterator[str]:
    """The lines, after the mark by which a spreadsheet knows UTF-8."""
    yield "\ufeff"
    yield from errors_as_csv(sync.pk)
