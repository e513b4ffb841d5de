"""Words for what a sync's record holds."""

from dataclasses import dataclass

from accounts.pages import Chip
from rostering.models import Sync, SyncState

TABLES = {
    "parentorg": "Districts and departments",
    "school": "Schools",
    "academicsession": "Academic sessions",
    "course": "Courses",
    "section": "Classes",
    "student": "Students",
    "studentidentity": "Students' identities",
    "studentdemographics": "Students' demographics",
    "guardian": "Guardians",
    "studentguardian": "Students' guardians",
    "educator": "Educators",
    "educatorrole": "Educators' roles",
    "enrollment": "Enrollments",
    "teachingassignment": "Teaching assignments",
}
SOURCES = {"upload": "Upload", "command": "Command", "nightly": "Nightly sync", "pull": "OneRoster pull"}
CHIPS = {
    SyncState.RUNNING: Chip("Running", mark="…"),
    SyncState.APPLIED: Chip("Applied", "good", "✓"),
    SyncState.PARTLY_HELD: Chip("Applied; removals held back", "warn", "!"),
    SyncState.UNCHANGED: Chip("Nothing had changed", "good", "✓"),
    SyncState.CHECKED: Chip("Checked only", "", "○"),
    SyncState.REFUSED: Chip("Refused", "bad", "✕"),
    SyncState.FAILED: Chip("Failed", "bad", "✕"),
    SyncState.SKIPPED: Chip("Not run", "", "○"),
}
COLUMNS = ("read", "created", "updated", "left", "unchanged", "held")


@dataclass(frozen=True)
class CountRow:
    """One table's line: its name, its counts in the order of COLUMNS, and how many rows were read but not imported."""

    label: str
    counts: tuple[int, ...]
    not_imported: int


def chip_of(sync: Sync) -> Chip:
    """A sync's state in words."""
    return CHIPS[SyncState(sync.state)]


def source_of(sync: Sync) -> str:
    """Where a sync's bundle came from."""
    return SOURCES.get(sync.source, sync.source)


def count_rows(sync: Sync) -> list[CountRow]:
    """A sync's counts per table, in the roster's order, then what was read and not imported."""
    order = {name: position for position, name in enumerate(TABLES)}
    tables = sorted(sync.counts.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    return [
        CountRow(
            TABLES.get(name, f"{name} (file)"),
            tuple(int(counts.get(column, 0)) for column in COLUMNS),
            int(counts.get("not_imported", 0)),
        )
        for name, counts in tables
    ]
