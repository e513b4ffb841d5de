"""A wording as a district would get it, before it is saved."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django_tenants.utils import schema_context

from correspondence.desk.editor_form import EditorForm, district_for
from correspondence.due import NOTICE_DAYS
from correspondence.errors import PlaceholderError
from correspondence.models import DATA_REMINDERS, OF_REQUESTS, REMINDERS, Kind
from correspondence.occasions import Occasion, occasion_of, values_of
from correspondence.rendering import Rendered, render
from resets.models import ResetSchedule
from resets.policies.registry import policies
from tenants import clock
from tenants.models import Csm, District


@dataclass(frozen=True)
class Preview:
    """A letter that nobody has got.

    Attributes:
        error: why there is nothing to be shown.
        is_example: the district has no such date yet: today's is put in its place.
    """

    district: District | None
    rendered: Rendered | None
    error: str = ""
    is_example: bool = False


def preview_of(form: EditorForm, kind: str, book: QuerySet[District]) -> Preview:
    """What the form's words make of a district of the own book; never anything of a district's own schema."""
    said = {name: str(form[name].value() or "") for name in ("subject", "body", "district", "suite")}
    district = district_for(book, said["district"])
    if district is None:
        return Preview(None, None, "No district of your book is called so. Type a part of its name.")
    suite = said["suite"] if said["suite"] in _resettable() else _first_suite(district)
    occasion = occasion_of(district, suite, district.school_year, kind)
    example = occasion is None
    occasion = occasion or _example(district, suite, kind)
    try:
        rendered = render(said["subject"], said["body"], values_of(occasion, _day(occasion)))
    except PlaceholderError as error:
        return Preview(district, None, str(error))
    return Preview(district, rendered, is_example=example)


def _day(occasion: Occasion) -> dt.date:
    """The day on which it would be sent."""
    ahead = {kind: days for days, kind in (*REMINDERS.items(), *DATA_REMINDERS.items())}
    if occasion.kind in ahead:
        return occasion.on - dt.timedelta(days=ahead[Kind(occasion.kind)])
    if occasion.kind == Kind.DAY_80 and occasion.anonymized_on:
        return occasion.anonymized_on - dt.timedelta(days=NOTICE_DAYS)
    return occasion.on


def _example(district: District, suite: str, kind: str) -> Occasion:
    with schema_context("public"):
        schedule = ResetSchedule.objects.filter(
            district=district, suite=suite, school_year=district.school_year
        ).first()
        csm = Csm.objects.filter(book=district).first()
    on = clock.today_in(district.time_zone) if schedule is None or kind in OF_REQUESTS else schedule.on
    return Occasion(district, csm, suite, district.school_year, kind, on)


def _resettable() -> list[str]:
    return [policy.suite for policy in policies() if policy.resettable]


def _first_suite(district: District) -> str:
    with schema_context("public"):
        schedule = ResetSchedule.objects.filter(district=district, school_year=district.school_year).first()
    return schedule.suite if schedule else _resettable()[0]
