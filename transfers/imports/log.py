"""View Import Log: the lines of an import as CSV, one student each, in the order and the words of the source."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from django.db.models import Q, QuerySet

from tenants.spreadsheets import csv_lines
from transfers.imports.models import Import, ImportedStudent

PAGE: Final = 500
HEADER: Final = (
    "FirstName",
    "LastName",
    "Grade",
    "SourceImportStatus",
    "ScoreImportStatus",
    "SourceStudentID",
    "SourceStateID",
    "SourceUserName",
    "SourceEmail",
    "DestinationStudentID",
    "DestinationStateID",
    "DestinationUserName",
    "DestinationEmail",
)


def import_log(transfer: Import) -> Iterator[str]:
    """The log of an import of the entered district, line by line; what looks like a formula is made plain text."""
    return csv_lines(chain([HEADER], log_rows(transfer)))


def log_rows(transfer: Import) -> Iterator[tuple[str, ...]]:
    """The rows below the header, read some at a time by key."""
    for line in log_lines(transfer):
        yield (
            line.given_name,
            line.family_name,
            line.grade,
            line.get_source_status_display(),
            line.get_score_status_display(),
            line.source_student_number,
            line.source_state_id,
            line.source_username,
            line.source_email,
            line.student_number,
            line.state_id,
            line.username,
            line.email,
        )


def log_lines(transfer: Import) -> Iterator[ImportedStudent]:
    """The lines by name, read some at a time by key."""
    last: ImportedStudent | None = None
    while page := list(_after(transfer, last)[:PAGE]):
        yield from page
        last = page[-1]


def _after(transfer: Import, last: ImportedStudent | None) -> QuerySet[ImportedStudent]:
    lines = ImportedStudent.objects.filter(transfer=transfer)
    if last is None:
        return lines
    family, given = Q(family_name__gt=last.family_name), Q(family_name=last.family_name)
    later = Q(given_name__gt=last.given_name) | Q(given_name=last.given_name, pk__gt=last.pk)
    return lines.filter(family | (given & later))
