"""What is due in the district that gives before a code expires: said to both sides, so that nobody is surprised.

Whichever comes first wins: who was anonymized is not fetched any more, and who was fetched is not affected.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from products.registry import suite_named
from resets.models import ResetRun, ResetSchedule, RunState
from rostering.models import ReturnWindow
from tenants.clock import date_in
from tenants.errors import DistrictError
from tenants.models import District
from tenants.schema import enter_district


@dataclass(frozen=True)
class DueWarning:
    """Something that is due in the district that gives.

    Attributes:
        short: in few words, for a list.
        words: a whole sentence, with what to do.
    """

    on: dt.date
    short: str
    words: str


def transfer_warnings(source: District, *, at: dt.datetime, expires_at: dt.datetime) -> list[DueWarning]:
    """What is due in the source district between now and a code's end, the first first. Four queries.

    A district that has been removed has nothing due. Ask outside of a transaction: the source's schema is entered.
    """
    today, last = date_in(at, source.time_zone), date_in(expires_at, source.time_zone)
    try:
        with enter_district(source):
            found = [*_resets(source, today, last), *_anonymizations(source, today, last)]
    except DistrictError:
        return []
    return sorted(found, key=lambda one: (one.on, one.short))


def _resets(source: District, today: dt.date, last: dt.date) -> Iterator[DueWarning]:
    run = ResetRun.objects.filter(
        district=source, suite=OuterRef("suite"), school_year=OuterRef("school_year"), state=RunState.COMPLETED
    )
    due = ResetSchedule.objects.filter(~Exists(run), district=source, on__gte=today, on__lte=last)
    for suite, on in due.order_by("on", "suite").values_list("suite", "on"):
        name = suite_named(suite).name
        yield DueWarning(
            on,
            f"{name} reset on {_day(on)}",
            f"On {_day(on)} the {name} data of {source.name} is reset, before the code expires. Renaissance data is "
            "not changed by that. A reset and an import wait for each other, so each sees the other's work whole.",
        )


def _anonymizations(source: District, today: dt.date, last: dt.date) -> Iterator[DueWarning]:
    windows = ReturnWindow.objects.filter(anonymized_at=None, until__lt=last)
    for suite, until in windows.order_by("until", "suite").values_list("suite", "until"):
        on = max(until + dt.timedelta(days=1), today)
        name = suite_named(suite).name
        yield DueWarning(
            on,
            f"anonymization on {_day(on)}",
            f"On {_day(on)} {source.name} anonymizes students of {name} who left and have not come back, before the "
            "code expires. Whoever of the students is among them cannot be transferred from then on: have the code "
            "used and the students imported before that day.",
        )


def _day(on: dt.date) -> str:
    return f"{on:%B} {on.day}, {on.year}"
