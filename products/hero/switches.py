"""Hero's summer switches: e-mails, and who sees schedules, per school or for all. Each change is recorded.

"You will most likely want to turn OFF email notifications over the summer. You may modify your email notifications over
the summer and then turn them back ON when you are ready." "If you do not want students and parents to have access to
the schedules before the school year starts, it is best to turn that feature off for the summer." (Hero source)
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import transaction

from products.hero.errors import SettingError
from products.hero.models import NotificationTemplate, PortalSetting, SettingChange
from rostering.models import School

SWITCHES: Final = {
    "sends_emails": "Email notifications",
    "students_see_schedules": "Schedules for students",
    "parents_see_schedules": "Schedules for parents",
}
"""The switches by their column, in words."""
BATCH: Final = 1000


def turn_switch(switch: str, *, on: bool, schools: Iterable[int], actor: str, at: dt.datetime) -> int:
    """Turn a switch on or off at schools of the entered district; returns at how many it stood otherwise.

    What stands right already is left alone, and not recorded again. Three statements, however many schools.

    Raises:
        SettingError: there is no such switch.
    """
    if switch not in SWITCHES:
        raise SettingError(f"There is no switch {switch!r}.")
    wanted = set(schools)
    with transaction.atomic():
        PortalSetting.objects.bulk_create(
            [PortalSetting(school_id=key) for key in wanted], ignore_conflicts=True, batch_size=BATCH
        )
        other = PortalSetting.objects.select_for_update().filter(school_id__in=wanted, **{switch: not on})
        changed = sorted(other.values_list("school_id", flat=True))
        PortalSetting.objects.filter(school_id__in=changed).update(**{switch: on})
        _record(changed, SWITCHES[switch], on=on, actor=actor, at=at)
    return len(changed)


def turn_notification(template: int, *, on: bool, school: int, actor: str, at: dt.datetime) -> NotificationTemplate:
    """Turn one of a school's e-mail templates on or off.

    Raises:
        SettingError: the school has no such template.
    """
    with transaction.atomic():
        found = NotificationTemplate.objects.select_for_update().filter(pk=template, school_id=school).first()
        if found is None:
            raise SettingError("This school has no such email notification.")
        if found.is_on != on:
            found.is_on = on
            found.save(update_fields=["is_on"])
            _record([school], f"Email notification “{found.name[:50]}”", on=on, actor=actor, at=at)
    return found


def active_schools() -> list[int]:
    """The keys of the entered district's schools in use."""
    return list(School.objects.filter(is_active=True).values_list("pk", flat=True))


def _record(schools: list[int], setting: str, *, on: bool, actor: str, at: dt.datetime) -> None:
    words = ("on", "off") if on else ("off", "on")
    SettingChange.objects.bulk_create(
        [
            SettingChange(school_id=key, setting=setting, after=words[0], before=words[1], actor=actor, at=at)
            for key in schools
        ],
        batch_size=BATCH,
    )
