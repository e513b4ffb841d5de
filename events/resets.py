"""Events of a suite's reset: what the reset is called as a subject, and what each of them tells of it."""

import datetime as dt

from events.services import Noted


def reset_subject(suite: str, school_year: int) -> str:
    """What a suite's reset of one year is called as a subject: all its events are told in order."""
    return f"reset:{suite}:{school_year}"


def of_reset(
    district_id: int,
    type: str,
    suite: str,
    school_year: int,
    *,
    at: dt.datetime,
    on: dt.date | None = None,
    once: str = "",
    **facts: object,
) -> Noted:
    """An event of a reset, to be noted.

    Args:
        on: the reset's date, where the event tells it.
        once: see `Noted`.
        facts: what the event tells beyond suite, school year and date; dates are told as ISO says them.
    """
    told: dict[str, object] = {"suite": suite, "school_year": school_year, **({"on": on} if on else {}), **facts}
    thin = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in told.items()}
    return Noted(district_id, type, reset_subject(suite, school_year), thin, at, once)
