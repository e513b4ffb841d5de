"""When the last import file was received, and whether the newest one was taken."""

from rostering.models import Sync, SyncState
from rostering.readiness import Ground, Item, Outcome, State, Subject
from rostering.selectors import APPLIED, latest_import


def check_received(ground: Ground) -> Outcome:
    """The date of the last import file; a newer one that was refused or failed is to be looked at."""
    last = latest_import()
    if last is None:
        return Outcome(State.LOOK, 0, "No import file has been received.")
    on = f"{last.as_of:%B} {last.as_of.day}, {last.as_of.year}"
    year = f" for {last.school_year - 1}-{last.school_year % 100:02}" if last.school_year else ""
    newer = Sync.objects.filter(dry_run=False, started_at__gt=last.started_at).exclude(state__in=APPLIED)
    if newer.filter(state__in=[SyncState.REFUSED, SyncState.FAILED]).exists():
        return Outcome(State.LOOK, 0, f"Received on {on}{year}; a newer file could not be imported.")
    return Outcome(State.OK, 0, f"Received on {on}{year}.")


ITEM = Item(
    code="import-received",
    title="The last import file",
    source="confirm the date of the last import file received from your district IT department",
    todo="Look at the import's errors on the Rosters page, mend them in your SIS, and upload the file again.",
    subject=Subject.NOTHING,
    check=check_received,
)
