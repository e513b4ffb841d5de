"""A school's behavior codes and actions: added, changed and removed; before the archive only after a confirmation.

"Once the archive takes place, existing Hero behavior codes and actions can be modified or deleted for the upcoming
school year. *** IMPORTANT!!! Updating your behavior codes and actions prior to the archive process is NOT RECOMMENDED
and may result in altered data records for the previous school year." (Hero source)
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from products.hero.errors import ConfirmationNeededError, SettingError
from products.hero.models import ActionSetting, BehaviorCode, SettingChange

WARNING: Final = (
    "Updating your behavior codes and actions prior to the archive process is NOT RECOMMENDED and may result in "
    "altered data records for the previous school year."
)
Entry = BehaviorCode | ActionSetting


@dataclass(frozen=True)
class Editor:
    """Who edits, when, and under which circumstances.

    Attributes:
        archive_ahead: whether the school year's Hero archive is still to be made.
        confirmed: whether they have seen the warning and want to go on.
    """

    actor: str
    at: dt.datetime
    archive_ahead: bool
    confirmed: bool = False

    def check(self) -> None:
        """Ask before an edit that precedes the archive.

        Raises:
            ConfirmationNeededError: it does, and nobody has confirmed it.
        """
        if self.archive_ahead and not self.confirmed:
            raise ConfirmationNeededError(WARNING)


def entries_of(kind: type[Entry], school: int) -> Any:
    """A school's behavior codes, or its actions, by name."""
    names = ("code", "pk") if kind is BehaviorCode else ("threshold", "action", "pk")
    return kind._default_manager.filter(school_id=school).order_by(*names)


def save_entry(kind: type[Entry], school: int, values: dict[str, Any], editor: Editor, key: int | None = None) -> Entry:
    """Add a code or an action to a school, or change the one of this key.

    Raises:
        ConfirmationNeededError: the archive is ahead and it was not confirmed.
        SettingError: the school has none of this key, or another one of that name.
    """
    editor.check()
    with transaction.atomic():
        entry = _found(kind, school, key) if key is not None else kind(school_id=school)
        before = entry_words(entry) if key is not None else ""
        for name, value in values.items():
            setattr(entry, name, value)
        _check_single(entry)
        if entry_words(entry) == before:
            return entry
        entry.save()
        _record(entry, before, entry_words(entry), editor)
    return entry


def remove_entry(kind: type[Entry], school: int, key: int, editor: Editor) -> None:
    """Remove a code or an action from a school.

    Raises:
        ConfirmationNeededError: the archive is ahead and it was not confirmed.
        SettingError: the school has none of this key.
    """
    editor.check()
    with transaction.atomic():
        entry = _found(kind, school, key)
        _record(entry, entry_words(entry), "", editor)
        entry.delete()


def entry_words(entry: Entry) -> str:
    """A code or an action with its values, in words."""
    if isinstance(entry, BehaviorCode):
        points = "1 point" if abs(entry.points) == 1 else f"{abs(entry.points)} points"
        return f"{entry.code}: {entry.name}, {'minus ' if entry.points < 0 else ''}{points}"
    times = "1 behavior" if entry.threshold == 1 else f"{entry.threshold} behaviors"
    return f"{entry.action} after {times}"


def _found(kind: type[Entry], school: int, key: int) -> Entry:
    found: Entry | None = kind._default_manager.select_for_update().filter(pk=key, school_id=school).first()
    if found is None:
        raise SettingError("It is not there any more: somebody else has removed it.")
    return found


def _check_single(entry: Entry) -> None:
    name, value = ("code", entry.code) if isinstance(entry, BehaviorCode) else ("action", entry.action)
    others = type(entry)._default_manager.filter(school_id=entry.school_id, **{f"{name}__iexact": value})
    if others.exclude(pk=entry.pk).exists():
        raise SettingError(f"The school has “{value}” already: change that one, or give this one another name.")


def _record(entry: Entry, before: str, after: str, editor: Editor) -> None:
    SettingChange.objects.create(
        school_id=entry.school_id,
        setting="Behavior code" if isinstance(entry, BehaviorCode) else "Action",
        before=before[:200],
        after=after[:200],
        actor=editor.actor,
        at=editor.at,
        confirmed=editor.archive_ahead,
    )
