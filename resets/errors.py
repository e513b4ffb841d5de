"""What can go wrong around a schedule. Each is refused before anything was changed."""

from typing import TYPE_CHECKING

from tenants.errors import NotNowError

if TYPE_CHECKING:
    from resets.dates import Refusal


class ScheduleError(Exception):
    """A schedule cannot be changed as asked; nothing was changed."""


class DateRefusedError(ScheduleError):
    """The date breaks a rule of its window or of the district."""

    def __init__(self, refusals: "tuple[Refusal, ...]") -> None:
        self.refusals = refusals
        super().__init__(" ".join(refusal.text for refusal in refusals))


class NoWindowError(ScheduleError):
    """The suite has no reset window in that school year."""


class NotSubscribedError(ScheduleError):
    """The district has no product of the suite."""


class RunExistsError(ScheduleError):
    """The suite's data was reset already for that school year, or is being reset now."""


class ChangedMeanwhileError(ScheduleError):
    """Somebody else changed the date since it was shown."""


class WorkStoppedError(ScheduleError, NotNowError):
    """All destructive work is stopped by a person, or this reset is held: nothing was changed, and it waits."""


class SwitchError(ScheduleError):
    """The switch, the ceiling or a hold cannot be used as asked; nothing was changed."""
