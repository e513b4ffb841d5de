"""Holding a reset to its export: refused while the year's data can still be downloaded before it, and told afterwards.

The dispatcher begins nothing that waits; the engine looks again under the district's lock, and so does whoever starts a
run by hand. What is done again from the ledger after a restore from a backup waits for nothing: it had happened.
"""

import datetime as dt
from typing import Any

from django_tenants.utils import schema_context

from ledger.replaying import current_replay
from resets.exports.errors import WaitsForExportError
from resets.exports.standing import ExportState, Standing, standing_of
from resets.exports.words import waits_words
from resets.models import ResetRun, ResetSchedule

HOW = "Nothing was changed. Whoever does not want to wait waives it, with a reason."


def check_export(schedule: ResetSchedule, now: dt.datetime) -> Standing:
    """Refuse a reset that has to wait for the download of the year's data.

    Raises:
        WaitsForExportError: says for what, and until when.
    """
    with schema_context("public"):
        standing = standing_of(schedule, now)
    if standing.blocks(now) and current_replay() is None:
        raise WaitsForExportError(f"{waits_words(standing)} {HOW}")
    return standing


def check_run(run: ResetRun, now: dt.datetime) -> dict[str, Any]:
    """Refuse a run that has to wait; returns what its record says of the year's data, empty where nothing is deleted.

    Raises:
        WaitsForExportError: says for what, and until when.
    """
    if run.schedule is None:
        return {}
    return {} if (standing := check_export(run.schedule, now)).state is ExportState.FREE else record_of(standing)


def record_of(standing: Standing) -> dict[str, Any]:
    """How the year's data stood, in the ledger's words: times, keys and counts, and never a reason."""
    export, said = standing.export, {"state": str(standing.state)}
    if export is None:
        return said
    times = ("built_at", "checked_at", "downloaded_at", "waived_at")
    moments = {name: at.isoformat() for name in times if (at := getattr(export, name)) is not None}
    package = {"package": str(export.package_id), "rows": export.rows} if export.package_id else {}
    people = {name: by for name in ("downloaded_by", "waived_by") if (by := getattr(export, name))}
    return {**said, **package, **moments, **people}
