"""A small download: written down in the ledger, then its bytes."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, StreamingHttpResponse

from accounts.models import User
from reports.asking.reading import Reading
from reports.downloads.making import Size, file_name, write_file
from reports.downloads.taken import note_taken
from reports.formats import Format
from reports.formats.csv import csv_chunks
from reports.formats.snapshot import one_snapshot
from reports.yearend.sheet import Sheet


def hand_out(
    reading: Reading, form: Format, tables: tuple[Sheet, ...], size: Size, *, user: User, at: dt.datetime
) -> StreamingHttpResponse:
    """Answer with a report's file. The ledger's entry is committed before the first byte goes out.

    Raises:
        DatabaseError: a query failed; nothing was handed out. In the middle of a CSV the answer breaks off instead.
    """
    name = file_name(reading, form)
    if form.code != "csv":
        answer: StreamingHttpResponse = _whole(name, form, reading, tables, at)
        note_taken(reading, form.code, size.students or 0, size.rows, user=user, at=at)
        return answer
    chunks = csv_chunks(tables[0])
    first = next(chunks)  # a query that fails does so here, where it can still be told
    note_taken(reading, form.code, size.students or 0, size.rows, user=user, at=at)
    answer = StreamingHttpResponse(_with_first(first, chunks), content_type=form.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _whole(name: str, form: Format, reading: Reading, tables: tuple[Sheet, ...], at: dt.datetime) -> FileResponse:
    """A file that is written first; its name on the disk is gone before it is handed out."""
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        path = Path(folder) / name
        with one_snapshot():
            write_file(path, form, reading.heading(at), tables, lambda _: None)
        opened = path.open("rb")
    return FileResponse(opened, as_attachment=True, filename=name, content_type=form.content_type)


def _with_first(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
