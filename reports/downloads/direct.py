"""A small download: written down in the ledger, then its bytes."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import BinaryIO

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
    if form.code == "csv":
        return _stream(reading, form, tables[0], size, user, at)
    opened, rows = _written(reading, form, tables, at)
    note_taken(reading, form.code, size.students or 0, rows, user=user, at=at)
    return FileResponse(opened, as_attachment=True, filename=file_name(reading, form), content_type=form.content_type)


def _stream(
    reading: Reading, form: Format, table: Sheet, size: Size, user: User, at: dt.datetime
) -> StreamingHttpResponse:
    """The rows are read when view and middleware are done with the connection; the count has tried the query."""
    note_taken(reading, form.code, size.students or 0, size.rows, user=user, at=at)
    answer = StreamingHttpResponse(csv_chunks(table), content_type=form.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(reading, form)}"'
    return answer


def _written(reading: Reading, form: Format, tables: tuple[Sheet, ...], at: dt.datetime) -> tuple[BinaryIO, int]:
    """A file that is written first, opened, and how many rows it has; its name on the disk is gone by then."""
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        path = Path(folder) / f"report.{form.code}"
        with one_snapshot():
            rows = write_file(path, form, reading.heading(at), tables, lambda _: None)
        return path.open("rb"), rows
