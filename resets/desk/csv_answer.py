"""Lines as a file for a spreadsheet, streamed."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

from rostering.services.error_files import neutralised


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


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
    writer = csv.writer(_Echo())
    yield writer.writerow(header)
    for line in lines:
        yield writer.writerow([neutralised(value) for value in line])
