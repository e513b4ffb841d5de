"""Handing out a prepared file: to whom it belongs, while they may still see what is in it."""

import datetime as dt
from pathlib import Path
from uuid import UUID

from django.conf import settings

from accounts.models import User
from reports.asking.asked import asked_again
from reports.asking.errors import NotInSightError
from reports.asking.reader import reader_of
from reports.asking.reading import reading_of
from reports.downloads.errors import FileGoneError
from reports.downloads.models import FileState, PreparedFile
from reports.downloads.preparing import CHANGED
from reports.downloads.removing import DESTROYED, OVER, is_stale, remove
from reports.downloads.seeing import still_sees
from reports.downloads.taken import note_taken
from tenants import clock
from tenants.models import District


def own_file(user: User, key: UUID) -> PreparedFile:
    """A person's own file.

    Raises:
        FileGoneError: there is none of this key, or it is somebody else's.
    """
    made = PreparedFile.objects.select_related("user").filter(pk=key, user_id=user.pk).first()
    if made is None:
        raise FileGoneError("There is no such file.")
    return made


def path_of(district: District, made: PreparedFile, *, at: dt.datetime) -> Path:
    """Where a ready file lies, when it may still be handed out; else it is removed.

    Raises:
        FileGoneError: it is not ready, or not theirs or not kept any more; the message says why.
    """
    if made.state != FileState.READY:
        raise FileGoneError(made.why or "This file is not ready.")
    if why := _why_gone(district, made, at):
        remove(made.pk, why)
        raise FileGoneError(why)
    path = Path(settings.MEDIA_ROOT) / str(district.schema_name) / made.file
    if not path.is_file():
        remove(made.pk, OVER)
        raise FileGoneError(OVER)
    return path


def note_fetched(district: District, made: PreparedFile, *, user: User, at: dt.datetime) -> None:
    """Write down that a prepared file was handed out."""
    asked = asked_again(made.report, made.filters, made.student_id)
    reading = reading_of(asked, reader_of(user), district, at)
    note_taken(reading, made.format, made.students or 0, made.rows, user=user, at=at, file=str(made.pk))


def _why_gone(district: District, made: PreparedFile, at: dt.datetime) -> str:
    if made.kept_until is None or made.kept_until < clock.date_in(at, district.time_zone):
        return OVER
    if not still_sees(made.user, made.sight):
        return CHANGED
    if is_stale(district, made):
        return DESTROYED
    try:
        reading_of(asked_again(made.report, made.filters, made.student_id), reader_of(made.user), district, at)
    except NotInSightError:
        return CHANGED
    return ""
