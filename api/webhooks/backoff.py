"""When an event that was not taken is sent again: the schedule that the Standard Webhooks specification names."""

import datetime as dt
from typing import Final

PAUSES: Final = (
    dt.timedelta(seconds=5),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=5),
    dt.timedelta(hours=10),
    dt.timedelta(hours=14),
    dt.timedelta(hours=20),
    dt.timedelta(hours=24),
)
"""After the first attempt, the second, and so on: three days and three and a half hours in all."""


def pause_after(attempts: int) -> dt.timedelta | None:
    """How long to wait after so many attempts that failed; None when that was the last one.

    >>> pause_after(1), pause_after(len(PAUSES) + 1)
    (datetime.timedelta(seconds=5), None)
    """
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
