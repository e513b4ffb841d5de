"""Windows, schedules and runs, in the public schema: dates, counts and identifiers, no personal data."""

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models

from resets.models_control import CalendarFeed, ControlChange, EngineControl
from resets.models_exports import YearExport
from resets.models_windows import ResetWindow
from tenants.models import District

__all__ = [
    "Answer",
    "BulkChange",
    "CalendarFeed",
    "ControlChange",
    "EngineControl",
    "PreviewCount",
    "ResetRun",
    "ResetSchedule",
    "ResetWindow",
    "Restore",
    "RestoreState",
    "RunCount",
    "RunState",
    "ScheduleChange",
    "YearExport",
]


class Answer(models.TextChoices):
    """What a district has said about its date."""

    NONE = "none", "No answer: the default date"
    AGREED = "agreed", "Agreed"
    ASKED = "asked", "Another date asked for"
    CUSTOM = "custom", "Another date picked"


class ResetSchedule(models.Model):
    """The date on which one district's suite is reset for one school year."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="reset_schedules")
    suite = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField()
    on = models.DateField()
    answer = models.CharField(max_length=6, choices=Answer.choices, default=Answer.NONE)
    exception_reason = models.CharField(max_length=300, blank=True)
    conflicts = models.CharField(
        max_length=120, blank=True, help_text="Codes of the rules that the date breaks by now, comma-joined; see dates."
    )
    approval_id = models.UUIDField(
        null=True, blank=True, help_text="Of a date before the window's earliest one: two people stand for it."
    )
    held_at = models.DateTimeField(null=True, blank=True, help_text="Nothing is reset while it is held.")
    held_by = models.CharField(max_length=80, blank=True)
    held_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "suite", "school_year"], name="one_schedule_per_year")
        ]
        indexes: ClassVar = [
            models.Index(fields=["-school_year", "on", "id"], name="schedule_by_year_and_date"),
            models.Index(fields=["on", "id"], name="schedule_by_date"),
            models.Index(fields=["school_year", "answer", "on"], name="schedule_by_answer"),
        ]
        ordering: ClassVar = ["on", "district_id"]

    def __str__(self) -> str:
        return f"{self.suite} {self.school_year} on {self.on}"

    @property
    def early_on(self) -> dt.date | None:
        """The date, where it is an early one that was approved."""
        return self.on if self.approval_id else None


class ScheduleChange(models.Model):
    """One change of a date: who, when, from, to, why. Never edited."""

    schedule = models.ForeignKey(ResetSchedule, on_delete=models.PROTECT, related_name="changes")
    from_on = models.DateField(null=True)
    to_on = models.DateField()
    answer = models.CharField(max_length=6, choices=Answer.choices)
    asked_on = models.DateField(null=True, help_text="The date that the district asks for, where it asks for another.")
    actor = models.CharField(max_length=80)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    bulk = models.ForeignKey("BulkChange", null=True, on_delete=models.PROTECT, related_name="changes")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.from_on} to {self.to_on}"


class BulkChange(models.Model):
    """One change of many districts' dates at once: who, when, what, why, and who was refused. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    wish = models.CharField(max_length=200, help_text="What was asked for, in words.")
    reason = models.CharField(max_length=300)
    changed = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list, help_text="[[schedule's key, the date wanted, why not]]")

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.wish}: {self.changed} changed, {len(self.refused)} not"


class PreviewCount(models.Model):
    """What a schedule's policy would do, as counted last: so that a page can say it without counting again."""

    schedule = models.OneToOneField(ResetSchedule, primary_key=True, on_delete=models.CASCADE, related_name="counted")
    policy_version = models.CharField(max_length=40)
    counted_at = models.DateTimeField()
    retained = models.BigIntegerField(default=0)
    archived = models.BigIntegerField(default=0)
    deleted = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0, help_text="Set to zero, unassigned or moved out of sight.")
    reset_on = models.DateField(null=True, help_text="The date that was counted for: subscriptions of that day decide.")
    lines = models.JSONField(
        default=list, help_text="[{position, category, action, before, retained, archived, deleted, changed}]"
    )

    def __str__(self) -> str:
        return f"counted {self.counted_at}"


class RunState(models.TextChoices):
    """A run's states, which only go forward (the database refuses a step back)."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed", "Completed and verified"
    FAILED = "failed", "Failed; nothing was changed"


class ResetRun(models.Model):
    """One reset: one district, one suite, one school year, one transaction."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="reset_runs")
    schedule = models.ForeignKey(ResetSchedule, null=True, on_delete=models.PROTECT, related_name="runs")
    suite = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField()
    on = models.DateField(help_text="The reset date, local to the district.")
    state = models.CharField(max_length=9, choices=RunState.choices, default=RunState.QUEUED)
    policy_version = models.CharField(max_length=40, blank=True)
    actor = models.CharField(max_length=80)
    step = models.CharField(max_length=80, blank=True, help_text="What it is doing now, told from a second connection.")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    evidence = models.JSONField(
        default=dict, help_text="What verification saw: counts, moves, locks. No personal data."
    )
    log = models.JSONField(default=list, help_text="[{at, message}]: lock retries, long readers, failed attempts.")
    undo_tables = models.JSONField(default=list, help_text="The run's undo tables in the district's schema.")
    undone_at = models.DateTimeField(
        null=True, blank=True, help_text="Restored since, whole or for some schools: another run may follow."
    )
    restored_schools = models.JSONField(
        default=list, help_text="The schools for which it was undone; empty with `undone_at`: all of them."
    )
    approval_id = models.UUIDField(null=True, blank=True, help_text="Of a run outside of its policy's automatic path.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "suite", "school_year"],
                condition=models.Q(state__in=["queued", "running", "completed"], undone_at=None),
                name="one_run_per_year",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "id"], name="runs_newest"),
            models.Index(
                fields=["district", "suite", "school_year"],
                name="runs_undone",
                condition=models.Q(undone_at__isnull=False),
            ),
        ]
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.suite} {self.school_year} ({self.state})"


class RunCount(models.Model):
    """One line of a run's evidence: one rule at one school. before = retained + archived + deleted + changed."""

    run = models.ForeignKey(ResetRun, on_delete=models.CASCADE, related_name="counts")
    position = models.PositiveSmallIntegerField(help_text="The rule's row in the policy.")
    category = models.CharField(max_length=40)
    action = models.CharField(max_length=60, help_text="In words, as on the page.")
    school_id = models.BigIntegerField(null=True, help_text="Empty: rows of no school.")
    before = models.BigIntegerField()
    retained = models.BigIntegerField(default=0)
    archived = models.BigIntegerField(default=0)
    deleted = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "position", "category", "school_id"], name="one_count_per_school", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(
                    before=models.F("retained") + models.F("archived") + models.F("deleted") + models.F("changed")
                ),
                name="counts_add_up",
            ),
        ]
        ordering: ClassVar = ["run_id", "position", "category", "school_id"]

    def __str__(self) -> str:
        return f"{self.category} at {self.school_id}: {self.before}"


class RestoreState(models.TextChoices):
    """A restore's states, which only go forward (the database refuses a step back)."""

    ASKED = "asked", "Waits for a second person"
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed", "Completed and verified"
    FAILED = "failed", "Failed; nothing was changed"


class Restore(models.Model):
    """One reset undone: whole, or for some schools; one transaction."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(ResetRun, on_delete=models.PROTECT, related_name="restores")
    schools = models.JSONField(null=True, help_text="Keys of the schools; null for the whole suite.")
    state = models.CharField(max_length=9, choices=RestoreState.choices, default=RestoreState.ASKED)
    approval_id = models.UUIDField()
    actor = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    evidence = models.JSONField(default=dict, help_text="What came back, in counts; what verification saw.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run"],
                condition=models.Q(state__in=["asked", "queued", "running"]),
                name="one_restore_at_a_time",
            )
        ]
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"restore of {self.run_id} ({self.state})"
