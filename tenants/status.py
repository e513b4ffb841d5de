"""Writing down where a district stands, for the lists over many districts. Counts and dates, never a name."""

import datetime as dt
from typing import TypedDict, Unpack

from django_tenants.utils import schema_context

from tenants.models import DistrictStatus


class StatusFacts(TypedDict, total=False):
    """What may be noted of a district; see `DistrictStatus`."""

    last_sync_at: dt.datetime
    last_sync_state: str
    last_import_at: dt.datetime
    roster_year: int | None
    held_removals: int
    syncs_paused_on: dt.date | None
    rostering_complete_at: dt.datetime | None
    ready_items: int
    ready_total: int
    readiness_checked_at: dt.datetime


def note_status(district_id: int, **facts: Unpack[StatusFacts]) -> None:
    """Write these facts of a district, and leave its others, in the caller's transaction; also while it is entered.

    One statement, harmless twice. Call it where the fact comes true, in the transaction that makes it true.
    """
    if not facts:
        return
    with schema_context("public"):
        DistrictStatus.objects.bulk_create(
            [DistrictStatus(district_id=district_id, **facts)],
            update_conflicts=True,
            unique_fields=["district"],
            update_fields=list(facts),
        )
