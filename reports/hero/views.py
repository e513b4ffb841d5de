"""The summer switches: all schools, and one school's own page with its templates, codes, actions and changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import (
    district_admin,
    district_of,
    is_visitor,
    own_school,
    page,
    person,
    sees_district,
    today,
    whole_number,
)
from products.hero.behavior import WARNING, entries_of
from products.hero.errors import SettingError
from products.hero.models import ActionSetting, BehaviorCode, NotificationTemplate, SettingChange
from products.hero.switches import SWITCHES, active_schools, turn_notification, turn_switch
from reports.hero.archive import archive_ahead
from reports.hero.reading import check_hero, school_of, switch_page, switches_of
from resets.views.words import who_words
from tenants import clock

NEWEST = 20
TO = {"on": True, "off": False}


@require_safe
def hero(request: HttpRequest) -> HttpResponse:
    """Every school with its switches; a school admin's own leads to its page."""
    check_hero(request)
    as_of, own = today(request), own_school(person(request))
    found = switch_page(own, as_of, whole_number(request.GET.get("after", "")))
    context = {
        "rows": found.rows,
        "next": found.after,
        "is_first": "after" not in request.GET,
        "switches": list(SWITCHES.items()),
        "archive": archive_ahead(district_of(request), as_of),
        "for_all": sees_district(person(request)),
        "may_change": not is_visitor(person(request)),
    }
    return page(request, "hero/list.html", "hero", context)


@require_POST
def hero_switch(request: HttpRequest) -> HttpResponse:
    """Turn a switch: `switch`, `to` (on or off), and `school` (a key, or `all`, which only a district admin may)."""
    switch, to, said = (request.POST.get(name, "") for name in ("switch", "to", "school"))
    if switch not in SWITCHES or to not in TO or not (said == "all" or (said.isascii() and said.isdigit())):
        messages.error(request, "The form was not complete. Nothing was changed.")
        return redirect("hero")
    user = person(request)
    if said == "all":
        check_hero(request)
        user = district_admin(request)
        schools = active_schools()
    else:
        schools = [school_of(request, min(int(said), 2**63 - 1)).pk]
    changed = turn_switch(switch, on=TO[to], schools=schools, actor=user.actor, at=clock.now())
    messages.success(request, _turned(SWITCHES[switch], to, changed, len(schools)))
    return redirect(_back(request))


@require_safe
def hero_school(request: HttpRequest, school: int) -> HttpResponse:
    """One school's switches, notifications, behavior codes and actions, and what was changed."""
    found, as_of = school_of(request, school), today(request)
    (row,) = switches_of([found], as_of)
    newest = list(SettingChange.objects.filter(school=found)[: NEWEST + 1])
    context: dict[str, Any] = {
        "school": found,
        "row": row,
        "templates": NotificationTemplate.objects.filter(school=found).order_by("name", "pk"),
        "codes": entries_of(BehaviorCode, found.pk),
        "actions": entries_of(ActionSetting, found.pk),
        "changes": [{"change": change, "who": who_words(change.actor)} for change in newest[:NEWEST]],
        "more_changes": len(newest) > NEWEST,
        "archive": archive_ahead(district_of(request), as_of),
        "warning": WARNING,
        "may_change": not is_visitor(person(request)),
    }
    return page(request, "hero/school.html", "hero", context)


@require_POST
def hero_notification(request: HttpRequest, school: int, entry: int) -> HttpResponse:
    """Turn one email notification of a school on or off."""
    found = school_of(request, school)
    to = request.POST.get("to", "")
    if to not in TO:
        messages.error(request, "The form was not complete. Nothing was changed.")
        return redirect("hero_school", school)
    try:
        template = turn_notification(entry, on=TO[to], school=found.pk, actor=person(request).actor, at=clock.now())
    except SettingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{template.name}” is {to}.")
    return redirect(reverse("hero_school", args=[school]) + "#notifications")


def _turned(switch: str, to: str, changed: int, asked: int) -> str:
    if not changed:
        return f"{switch}: {to} already{' at every school' if asked > 1 else ''}. Nothing was changed."
    where = "1 school" if changed == 1 else f"{changed:,} schools"
    rest = asked - changed
    return f"{switch}: turned {to} at {where}." + (f" At {rest:,} it was {to} already." if rest else "")


def _back(request: HttpRequest) -> str:
    """The school's own page, when the form stands there."""
    said = request.POST.get("school", "")
    return reverse("hero_school", args=[int(said)]) if request.POST.get("back") == "school" else reverse("hero")
