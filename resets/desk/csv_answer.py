"""Lines as a file for a spreadsheet, streamed."""

import itertools
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

from tenants.spreadsheets import csv_lines


def csv_answer(name: str, header: Iterable[str], lines: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """A download named `name`.csv; a formula is made plain text."""
    return StreamingHttpResponse(
        _written(header, lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _written(header: Iterable[str], lines: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines, after the mark by which a spreadsheet knows UTF-8."""
    yield "\ufeff"
    yield from csv_lines(itertools.chain([header], lines))
