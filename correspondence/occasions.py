"""One occasion to write: what its letters say, and whether they are still to be sent."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django_tenants.utils import schema_context

from archiving.selectors import returning_days
from correspondence.models import DATA_REMINDERS, OF_REQUESTS, REMINDERS, Kind
from correspondence.wording import ADVICE, ADVICE_FOR_ALL
from disposal.models import OPEN, Case, CaseKind, CaseScope
from disposal.waiting import waiting, what
from products.models import Subscription
from products.registry import suite_named
from resets.counted_lines import lines_uncounted
from resets.exports.standing import standing_of
from resets.exports.words import state_words, until_words
from resets.models import Answer, ResetRun, ResetSchedule, RunState
from resets.policies.registry import policy_for
from tenants import clock
from tenants.models import Csm, District
from tenants.services import district_host
from tenants.templatetags.words import day, school_year

ANSWERED: Final = "The district has answered, so that no reminder is sent."
SETTLED: Final = "The year's data has been downloaded, or need not be."
NOT_YET: Final = "This year's data has not been downloaded."
NOBODYS: Final = "Your customer success team"
REQUESTS_NAME: Final = "Requests"


@dataclass(frozen=True)
class Occasion:
    """What a letter is about. `on` is the reset date, or a request's due date, as it stands when this is made."""

    district: District
    csm: Csm | None
    suite: str
    school_year: int
    kind: str
    on: dt.date
    case: Case | None = None

    @property
    def is_reminder(self) -> bool:
        """Whether it asks for an answer."""
        return self.kind in REMINDERS.values()

    @property
    def is_about_data(self) -> bool:
        """Whether it asks to download the year's data."""
        return self.kind in DATA_REMINDERS.values()

    @property
    def is_ahead(self) -> bool:
        """Whether it is written before the reset."""
        return self.is_reminder or self.is_about_data

    @property
    def anonymized_on(self) -> dt.date | None:
        """The last day on which a student still returns; none where nobody is anonymized."""
        if self.case is not None:
            return None
        after = returning_days(policy_for(self.suite))
        return None if after is None else self.on + dt.timedelta(days=after)


def occasion_of(
    district: District, suite: str, year: int, kind: str, about: UUID | str | None = None
) -> Occasion | None:
    """An occasion by its names; none when the district has no date or request for it."""
    with schema_context("public"):
        csm = Csm.objects.filter(book=district).first()
        if kind in OF_REQUESTS:
            case = Case.objects.filter(pk=about, district=district).first() if about else None
            return Occasion(district, csm, suite, year, kind, case.due_on, case) if case else None
        if kind in (*REMINDERS.values(), *DATA_REMINDERS.values()):
            schedule = ResetSchedule.objects.filter(district=district, suite=suite, school_year=year).first()
            on = schedule.on if schedule else None
        else:
            runs = ResetRun.objects.filter(district=district, suite=suite, school_year=year, state=RunState.COMPLETED)
            run = runs.first()
            on = run.on if run else None
    return Occasion(district, csm, suite, year, kind, on) if on else None


def why_not(occasion: Occasion, as_of: dt.date) -> str:
    """Why a letter is not to be sent any more; empty when it is. Asked again just before each is sent.

    "Districts that do not respond to their CSM's correspondence": who has responded is not reminded.
    """
    if occasion.kind in (Kind.REQUEST_SOON, Kind.REQUEST_LATE):
        with schema_context("public"):
            still_open = occasion.case and Case.objects.filter(pk=occasion.case.pk, state__in=OPEN).exists()
        return "" if still_open else "The request is settled."
    if occasion.kind == Kind.DAY_80:
        until = occasion.anonymized_on
        return "" if until and as_of <= until else "The days are over."
    return _why_not_ahead(occasion, as_of) if occasion.is_ahead else ""


def _why_not_ahead(occasion: Occasion, as_of: dt.date) -> str:
    with schema_context("public"):
        schedule = ResetSchedule.objects.get(
            district=occasion.district, suite=occasion.suite, school_year=occasion.school_year
        )
        if occasion.is_about_data and standing_of(schedule, clock.now()).is_settled:
            return SETTLED
    if occasion.is_reminder and schedule.answer != Answer.NONE:
        return ANSWERED
    if schedule.held_at is not None:
        return "The reset is held, so that no reminder is sent."
    return "" if schedule.on > as_of else "The reset date has come."


def values_of(occasion: Occasion, as_of: dt.date) -> dict[str, str]:
    """What stands in the place of each placeholder. Nothing about any student, and no person of the district.

    Args:
        as_of: the district's date.
    """
    district, until = occasion.district, occasion.anonymized_on
    common = {
        "district": district.name,
        "school_year": school_year(occasion.school_year),
        "days": _days(_target(occasion), as_of),
        "rostering_date": day(district.rostering_starts_on),
        "link": settings.PORTAL_ADDRESS.format(host=district_host(district.slug)),
        "csm": occasion.csm.name if occasion.csm else NOBODYS,
    }
    if occasion.kind in OF_REQUESTS:
        return {**common, **_of_request(occasion)}
    return {
        **common,
        "suite": suite_named(occasion.suite).name,
        "products": _products(occasion),
        "date": day(occasion.on),
        "anonymized_after": f"{(until - occasion.on).days} days" if until else "",
        "anonymized_date": day(until) if until else "",
        "what_happens": what_happens(occasion.suite),
        "advice": ADVICE.get(occasion.suite, ADVICE_FOR_ALL),
        "year_data": _year_data(occasion),
    }


def _year_data(occasion: Occasion) -> str:
    """Whether the year's data has been downloaded, and what follows; for a reminder."""
    if not occasion.is_ahead:
        return ""
    with schema_context("public"):
        schedule = ResetSchedule.objects.filter(
            district=occasion.district, suite=occasion.suite, school_year=occasion.school_year
        ).first()
        if schedule is None:  # an example, of a district that has no date yet
            return ""
        standing = standing_of(schedule, clock.now())
    words = f"{state_words(standing)} {until_words(standing)}".strip()
    return words if standing.is_settled else f"{NOT_YET} {words}"


def what_happens(suite: str) -> str:
    """The policy's rows in the source's words, one a line."""
    lines = []
    for line in lines_uncounted(suite):
        where = f" ({line.where.lower()})" if line.where else ""
        lines.append(f"- {line.label}{where}: {line.because or line.action}")
    return "\n".join(dict.fromkeys(lines))


def _of_request(occasion: Occasion) -> dict[str, str]:
    """Of a request: what it is, by when, and what it waits for. Without one, as in a template's preview, an example."""
    case = occasion.case or Case(kind=CaseKind.DESTRUCTION, scope=CaseScope.STUDENT, due_on=occasion.on)
    return {
        "suite": REQUESTS_NAME,
        "request": what(case),
        "date": day(case.due_on),
        "due_date": day(case.due_on),
        "waits_for": waiting(case).text if case.is_open else "",
    }


def _target(occasion: Occasion) -> dt.date:
    match occasion.kind:
        case Kind.DAY_80:
            return occasion.anonymized_on or occasion.on
        case Kind.ON_RESET | Kind.ON_ROSTERING:
            return occasion.district.rostering_starts_on
        case _:
            return occasion.on


def _days(target: dt.date, as_of: dt.date) -> str:
    left = max((target - as_of).days, 0)
    return "1 day" if left == 1 else f"{left} days"


def _products(occasion: Occasion) -> str:
    suite = suite_named(occasion.suite)
    with schema_context("public"):
        held = set(Subscription.objects.filter(district=occasion.district).values_list("product", flat=True))
    names = [product.name for product in suite.products if product.code in held]
    return ", ".join(names or [suite.name])
