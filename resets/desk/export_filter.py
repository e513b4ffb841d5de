"""Narrowing the board by how the year's data stands, in one statement over all districts."""

import datetime as dt
from typing import Final

from django.db.models import Q

from resets.exports import conditions
from resets.exports.standing import MADE, NOT_MADE, ExportState
from resets.planner import IS_DUE

LABELS: Final = (
    ("open", "Not downloaded, not waived"),
    ("missing", "No package that counts"),
    ("made", "Made, not downloaded"),
    ("waiting", "The reset waits for it"),
    ("downloaded", "Downloaded"),
    ("waived", "Waived"),
)
STATES: Final = {
    "open": (*NOT_MADE, *MADE),
    "missing": NOT_MADE,
    "made": MADE,
    "downloaded": (ExportState.DOWNLOADED,),
    "waived": (ExportState.WAIVED,),
}
AHEAD: Final = ("open", "missing", "made")
"""What can still be done something about: not of resets that have been made."""


def stands_so(code: str, now: dt.datetime) -> Q:
    """The condition on a schedule that its year's data stands so.

    Args:
        code: one of `LABELS`.
    """
    if code == "waiting":
        waits = f"{IS_DUE} AND {conditions.WAITS_TONIGHT}"
        return Q(pk__in=conditions.schedules_where(waits, now))
    states = [str(state) for state in STATES[code]]
    which = f"{conditions.STATE} = ANY(%(states)s)"
    if code in AHEAD:
        which = f"{which} AND NOT {conditions.IS_RESET}"
    return Q(pk__in=conditions.schedules_where(which, now, states=states))
