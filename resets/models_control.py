"""The switch for destructive work and who used it, and a district's calendar address, in the public schema."""

from typing import ClassVar

from django.db import models

from tenants.models import District


class EngineControl(models.Model):
    """The one switch for all destructive work, and how many districts may start in an hour. One row."""

    stopped_at = models.DateTimeField(null=True, help_text="Empty: work goes on.")
    stopped_by = models.CharField(max_length=80, blank=True)
    stopped_reason = models.CharField(max_length=300, blank=True)
    districts_per_hour = models.PositiveIntegerField(null=True, help_text="Empty: no ceiling.")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_engine_control")]

    def __str__(self) -> str:
        return "stopped" if self.stopped_at else "going on"


class ControlChange(models.Model):
    """One use of the switch, the ceiling, or a hold: who, when, what, why. Never edited."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    change = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)
    schedule = models.ForeignKey(
        "resets.ResetSchedule", null=True, on_delete=models.PROTECT, related_name="control_changes"
    )

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.change} by {self.actor}"


class CalendarFeed(models.Model):
    """A district's private calendar address. Its secret is derived from the serial, so that renewing it is counting."""

    district = models.OneToOneField(District, primary_key=True, on_delete=models.CASCADE, related_name="calendar_feed")
    serial = models.PositiveIntegerField(default=1)
    renewed_at = models.DateTimeField()
    renewed_by = models.CharField(max_length=80)
    moves = models.PositiveIntegerField(
        default=0,
        help_text="How often the district's own dates were saved: that may cancel a date, or revive it.",
    )

    def __str__(self) -> str:
        return f"calendar {self.serial}"
