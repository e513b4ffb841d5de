"""A person's files, as pages show them."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from accounts.pages import Chip
from reports.downloads.models import FileState, PreparedFile
from reports.formats import Format, format_named
from reports.yearend.registry import report_named

SHOWN: int = 12
SHOWN_AFTER = dt.timedelta(days=2)
"""How long what failed or was removed is still told."""
CHIPS = {
    FileState.WAITING: Chip("Being prepared", "warn", "…"),
    FileState.READY: Chip("Ready", "good", "✓"),
    FileState.FAILED: Chip("Not made", "bad", "!"),
    FileState.REMOVED: Chip("Removed", "", "○"),
}


@dataclass(frozen=True)
class OwnFile:
    """One file of the list."""

    file: PreparedFile
    title: str
    form: Format | None

    @property
    def chip(self) -> Chip:
        """Its state."""
        return CHIPS[FileState(self.file.state)]

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded."""
        return self.file.state == FileState.READY


def files_of(user: User, now: dt.datetime) -> list[OwnFile]:
    """A person's newest files: those that wait or are ready, and for two days what became of others."""
    recent = PreparedFile.objects.filter(user=user).order_by("-asked_at")[: 2 * SHOWN]
    open_states = (FileState.WAITING, FileState.READY)
    kept = [each for each in recent if each.state in open_states or each.asked_at > now - SHOWN_AFTER]
    return [own(each) for each in kept[:SHOWN]]


def own(made: PreparedFile) -> OwnFile:
    """One file with its report's title."""
    try:
        title = report_named(made.report).title
    except LookupError:
        title = made.report
    return OwnFile(made, title, format_named(made.format))
