"""When a suite may be reset in a school year, in the public schema."""

from typing import ClassVar

from django.db import models

EXPORT_GRACE_DAYS = 3
"""Of a new window. "Download a copy of this year's data for your records before your reset date occurs": the date stays
the day by which it is to be done, and districts that do not answer "will be reset on July 28". Three days are a weekend
and a working day: whoever reads the last reminder on a Friday can still download on Monday, and July 28 and three days
is July 31, before rostering usually starts. A longer wait keeps everybody's old data longer, for the sake of few.
"""


class ResetWindow(models.Model):
    """When a suite may be reset in a school year. Data, edited by CSMs; carried from year to year."""

    suite = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField(help_text="The year in which the school year ends.")
    default_on = models.DateField(help_text="For districts that do not answer.")
    earliest_on = models.DateField()
    latest_on = models.DateField(null=True, blank=True, help_text="Empty: any day before rostering.")
    exception_allowed = models.BooleanField(default=False, help_text="Outside the range with a reason.")
    lead_days = models.PositiveSmallIntegerField(default=1, help_text="How many days ahead a date must be picked.")
    pauses_syncs = models.BooleanField(default=True)
    run_hour = models.PositiveSmallIntegerField(default=2, help_text="Local hour at which the reset starts.")
    export_grace_days = models.PositiveSmallIntegerField(
        default=EXPORT_GRACE_DAYS,
        help_text="For how many days after its date a reset that deletes waits for the download of the year's data.",
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["suite", "school_year"], name="one_window_per_year")]
        ordering: ClassVar = ["-school_year", "suite"]

    def __str__(self) -> str:
        return f"{self.suite} {self.school_year - 1}-{self.school_year % 100:02}"
