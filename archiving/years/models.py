"""The archived school years, in the public schema: states and counts, no personal data."""

from typing import ClassVar

from django.db import models

from resets.models import ResetRun
from tenants.models import District


class YearState(models.TextChoices):
    """Where a school year of a suite stands. A year without a record is live."""

    LIVE = "live", "Live"
    ARCHIVED = "archived", "Archived"
    RESTORED = "restored", "Restored"
    ANONYMIZED = "anonymized", "Anonymized"
    DESTROYED = "destroyed", "Destroyed"


class ArchivedYear(models.Model):
    """One school year of one suite of a district, from its reset on."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="archived_years")
    suite = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=YearState.choices)
    since = models.DateTimeField(help_text="When it came into this state.")
    run = models.ForeignKey(ResetRun, null=True, on_delete=models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict, help_text="Rows in the archive, by category.")
    schools = models.JSONField(default=dict, help_text="Rows in the archive, by school.")
    restored_schools = models.JSONField(default=list, help_text="Schools whose data is live again.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "suite", "school_year"], name="one_archived_year")
        ]
        indexes: ClassVar = [models.Index(fields=["-school_year", "district", "suite"], name="archived_years_newest")]
        ordering: ClassVar = ["-school_year", "suite"]

    def __str__(self) -> str:
        return f"{self.suite} {self.school_year} ({self.state})"

    @property
    def rows(self) -> int:
        """Rows in the archive, all categories together."""
        return sum(self.counts.values())
