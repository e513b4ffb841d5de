"""What was staged of students who were destroyed at their source, destroyed again."""

from ledger.chain import Entry
from ledger.replaying import current_replay
from tenants.models import District
from transfers.imports.services import recall_students


def recall_again(district: District, entry: Entry) -> None:
    """Destroy once more whom the entry's keys name at the source, as far as the backup has them staged."""
    replay = current_replay()
    keys = None if entry.facts["whole"] or replay is None else replay.keys
    recall_students(district, entry.facts["source_district"], keys, at=entry.happened_at)
