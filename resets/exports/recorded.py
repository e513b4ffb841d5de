"""How the year's data stood at a reset, in words, from what the run and the ledger recorded of it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from accounts.actors import numbered
from resets.exports.standing import ExportState
from tenants import clock
from tenants.templatetags.words import day

NOT_DOWNLOADED: Final = {
    ExportState.MISSING: "Nobody had made a package of it.",
    ExportState.EARLY: "The package of {built} was made before the school year ended.",
    ExportState.OLD: "The package of {built} was made before an earlier reset was undone.",
    ExportState.GONE: "The package of {built} was gone before anybody had downloaded it.",
    ExportState.BUILT: "The package of {built} was still being checked.",
    ExportState.CHECKED: "The package of {built} was made and checked, and nobody had downloaded it.",
}
OVER: Final = "Not downloaded before the reset; the days for which it waits were over."


def recorded_words(export: Mapping[str, Any], time_zone: str) -> str:
    """What a record says of the year's data; empty where the reset deleted nothing of what the district has.

    Args:
        export: the record's `export`, as `gate.record_of` made it.
        time_zone: the district's.
    """
    state = export.get("state", "")
    if state not in set(ExportState):
        return ""
    built = _day(export, "built_at", time_zone)
    match ExportState(state):
        case ExportState.DOWNLOADED:
            when = _day(export, "downloaded_at", time_zone)
            return f"Downloaded on {when}, before the reset: the package of {built}, {int(export['rows']):,} rows."
        case ExportState.WAIVED:
            who = _who(str(export.get("waived_by", "")))
            return f"Not downloaded before the reset: {who} waived it on {_day(export, 'waived_at', time_zone)}."
        case other:
            return f"{OVER} {NOT_DOWNLOADED.get(other, '').format(built=built)}".strip()


def _day(export: Mapping[str, Any], name: str, time_zone: str) -> str:
    said = export.get(name)
    return day(clock.date_in(dt.datetime.fromisoformat(said), time_zone)) if said else ""


def _who(actor: str) -> str:
    """By role and number: a certificate and a run's page name nobody."""
    words = numbered(actor)
    return words if words == actor else words.lower()
