"""What the Hero pages read: schools with their switches, one page by key; a school's own settings."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404, HttpRequest

from accounts.pages import own_school, person
from products.hero.models import NotificationTemplate, PortalSetting, SchoolSubscription
from products.hero.switches import SWITCHES
from resets.views.reads import subscribes
from rostering.models import School

PAGE = 25


@dataclass(frozen=True)
class Switch:
    """One switch of a school, in words."""

    code: str
    words: str
    is_on: bool

    @property
    def other(self) -> str:
        """What it can be turned to."""
        return "off" if self.is_on else "on"


@dataclass(frozen=True)
class SchoolSwitches:
    """A school with its switches.

    Attributes:
        subscribed: whether its subscription holds today; without one its data is deleted at the archive.
    """

    school: School
    switches: tuple[Switch, ...]
    templates: int
    templates_on: int
    subscribed: bool

    @property
    def key(self) -> str:
        """The school's key, for forms."""
        return str(self.school.pk)


@dataclass(frozen=True)
class SwitchPage:
    """One page of schools by name; `after` is the key of the next page, None on the last."""

    rows: list[SchoolSwitches]
    after: int | None


def check_hero(request: HttpRequest) -> None:
    """Only a district that has Hero has these pages.

    Raises:
        Http404: it has not.
    """
    if not subscribes(request, "hero"):
        raise Http404("Your district does not subscribe to Hero.")


def school_of(request: HttpRequest, key: int) -> School:
    """A school that whoever asks may see.

    Raises:
        Http404: there is none, or it is another's, or the district has no Hero.
    """
    check_hero(request)
    own = own_school(person(request))
    found = School.objects.filter(pk=key, is_active=True).first() if own in (None, key) else None
    if found is None:
        raise Http404("There is no such school among yours.")
    return found


def switch_page(own: int | None, as_of: dt.date, after: int | None = None, limit: int = PAGE) -> SwitchPage:
    """Schools with their switches, by name. Five queries, however many schools.

    Args:
        own: one school only; None for all.
        after: the key that the page before gave; an unknown one begins at the first.
    """
    schools = School.objects.filter(is_active=True).order_by("name", "pk")
    if own is not None:
        schools = schools.filter(pk=own)
    last = School.objects.filter(pk=after).first() if after else None
    if last is not None:
        schools = schools.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    found = list(schools[: limit + 1])
    rows = switches_of(found[:limit], as_of)
    return SwitchPage(rows, found[limit - 1].pk if len(found) > limit else None)


def switches_of(schools: list[School], as_of: dt.date) -> list[SchoolSwitches]:
    """The switches of these schools. Three queries."""
    keys = [school.pk for school in schools]
    settings = {found.school_id: found for found in PortalSetting.objects.filter(school_id__in=keys)}
    counted = NotificationTemplate.objects.filter(school_id__in=keys).values_list("school_id")
    templates = {key: (n, on) for key, n, on in counted.annotate(n=Count("pk"), on=Count("pk", filter=Q(is_on=True)))}
    holds = Q(ends_on=None) | Q(ends_on__gte=as_of)
    subscribed = set(
        SchoolSubscription.objects.filter(holds, school_id__in=keys, starts_on__lte=as_of).values_list(
            "school_id", flat=True
        )
    )
    return [
        SchoolSwitches(
            school,
            _switches(settings.get(school.pk) or PortalSetting(school=school)),
            *templates.get(school.pk, (0, 0)),
            subscribed=school.pk in subscribed,
        )
        for school in schools
    ]


def _switches(setting: PortalSetting) -> tuple[Switch, ...]:
    return tuple(Switch(code, words, bool(getattr(setting, code))) for code, words in SWITCHES.items())
