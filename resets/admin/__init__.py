"""The CSM's desk: dates, windows and runs. Django finds this package, which registers them all."""

from resets.admin.runs import ResetRunAdmin
from resets.admin.schedules import ResetScheduleAdmin
from resets.admin.windows import ResetWindowAdmin

__all__ = ["ResetRunAdmin", "ResetScheduleAdmin", "ResetWindowAdmin"]
