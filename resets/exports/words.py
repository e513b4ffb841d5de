"""How a year's data stands, in words: for the desk, the portal, a run's page, letters and the API."""

import datetime as dt
from typing import Final

from resets.exports.standing import ExportState, Standing
from tenants import clock
from tenants.templatetags.words import day

SHORT: Final = {
    ExportState.FREE: "Not needed",
    ExportState.MISSING: "Not made",
    ExportState.EARLY: "Made too early",
    ExportState.OLD: "Made before the undoing",
    ExportState.GONE: "Gone, not downloaded",
    ExportState.BUILT: "Being checked",
    ExportState.CHECKED: "Not downloaded",
    ExportState.DOWNLOADED: "Downloaded",
    ExportState.WAIVED: "Waived",
}
TONES: Final = {ExportState.DOWNLOADED: "good", ExportState.WAIVED: "good", ExportState.FREE: ""}
MISSING: Final = {
    ExportState.MISSING: "Nobody has made a package of this year's data yet.",
    ExportState.EARLY: "The package of {built} was made before the school year ended; make a new one.",
    ExportState.OLD: "The package of {built} was made before the reset was undone; make a new one.",
    ExportState.GONE: "The package of {built} is gone, and nobody had downloaded it; make a new one.",
    ExportState.BUILT: "The package of {built} is made, and being checked; then it can be downloaded.",
    ExportState.CHECKED: "The package of {built} is made and checked, and nobody has downloaded it yet.",
}


def tone(standing: Standing) -> str:
    """The colour, which says no more than the words."""
    return TONES.get(standing.state, "warn")


def missing_words(standing: Standing) -> str:
    """What is missing before the reset need not wait, in a sentence; empty where nothing is."""
    text = MISSING.get(standing.state, "")
    return text.format(built=day(standing.built_on)) if text else ""


def state_words(standing: Standing) -> str:
    """How it stands, in a sentence."""
    export, zone = standing.export, standing.time_zone
    if standing.state is ExportState.FREE:
        return "The reset deletes nothing of what the district has: it waits for no download."
    if standing.state is ExportState.DOWNLOADED and export and export.downloaded_at:
        gone = " Its file is gone by now." if export.gone_at else ""
        when = day(_local(export.downloaded_at, zone))
        return f"Downloaded on {when}: the package of {day(standing.built_on)}, {export.rows:,} rows.{gone}"
    if standing.state is ExportState.WAIVED and export and export.waived_at:
        return f"Waived on {day(_local(export.waived_at, zone))}: {_sentence(export.waived_reason)}"
    return missing_words(standing)


def until_words(standing: Standing) -> str:
    """For how long the reset waits; empty where it does not."""
    if standing.is_settled:
        return ""
    if standing.last_on <= standing.on:
        return f"The reset does not wait for it: it begins on {day(standing.on)} all the same."
    return f"The reset waits for it until {day(standing.last_on)}, and then goes on without it."


def waits_words(standing: Standing) -> str:
    """Why a reset whose date has come does not begin, for whoever looks at it or tries to start it."""
    return f"Waits for the download until {day(standing.last_on)}: {_lower(missing_words(standing))}"


def _local(at: dt.datetime, time_zone: str) -> dt.date:
    return clock.date_in(at, time_zone)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
