"""Each sync is a record: source, counts, errors, who, when. A brake holds mass removals; a reset pauses the nights."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class SyncState(models.TextChoices):
    """A sync's states, which only go forward."""

    RUNNING = "running"
    APPLIED = "applied", "Applied"
    PARTLY_HELD = "partly_held", "Applied; removals held back"
    UNCHANGED = "unchanged", "Nothing had changed"
    CHECKED = "checked", "Checked only (dry run)"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"
    SKIPPED = "skipped", "Not run"


class Sync(models.Model):
    """One import of one bundle."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=20, help_text="upload, command, nightly or pull")
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the bundle's contents.")
    version = models.CharField(max_length=3, blank=True)
    strict = models.BooleanField(default=False)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=SyncState.choices, default=SyncState.RUNNING)
    school_year = models.PositiveSmallIntegerField(null=True)
    as_of = models.DateField()
    actor = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict, help_text="Per table: read, created, updated, left, unchanged, held.")
    warnings = models.JSONField(default=list, help_text="[{code, file, column, count, message}], most frequent first.")
    error_count = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)
    epoch = models.BigIntegerField(null=True, help_text="The roster's state as this sync left it; see rostering.epoch.")

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["-started_at", "-id"], name="sync_newest_first")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class SyncError(models.Model):
    """One error of a sync. `value` is filled only where the column is not personal."""

    sync = models.ForeignKey(Sync, on_delete=models.CASCADE, related_name="errors")
    file = models.CharField(max_length=60)
    row = models.PositiveIntegerField(null=True, help_text="As a spreadsheet counts: the header is row 1.")
    column = models.CharField(max_length=255, blank=True)
    code = models.CharField(max_length=60)
    value = models.CharField(max_length=255, blank=True)
    message = models.TextField(help_text="What is wrong and how to mend it.")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.file} row {self.row}: {self.code}"


class HeldRemoval(models.Model):
    """Somebody whom a bundle would remove, held back because too many would go at once."""

    sync = models.ForeignKey(Sync, on_delete=models.CASCADE, related_name="held_removals")
    kind = models.CharField(max_length=10, help_text="student or educator")
    person_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    released_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True, help_text="A later bundle had them again, or replaced this change set.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sync", "kind", "person_id"], name="held_once_per_sync")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class SyncPause(models.Model):
    """A pause of the nightly syncs: from a suite's reset date until rostering is declared complete."""

    suite = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField()
    paused_on = models.DateField()
    resumed_at = models.DateTimeField(null=True)
    resumed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["suite", "school_year"], name="one_pause_per_reset")]

    def __str__(self) -> str:
        return f"{self.suite} {self.school_year} since {self.paused_on}"


class ReturnWindow(models.Model):
    """Until when last year's students, rostered again with the same Student ID, are returning students.

    Written by a reset. After `until` a student who was last rostered in `school_year` or before is not matched any
    more: they come back as a new student ("Student data is anonymized 90 days after the reset", literacy source).
    """

    suite = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField()
    reset_on = models.DateField()
    until = models.DateField(help_text="The last day on which a student still counts as returning.")
    anonymized_at = models.DateTimeField(null=True)
    run_id = models.UUIDField(null=True, help_text="The reset that opened it; a second reset opens another.")
    except_schools = ArrayField(
        models.BigIntegerField(), default=list, help_text="Their reset was undone: their students are not concerned."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["suite", "school_year", "run_id"], name="one_return_window_per_run", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.suite} {self.school_year} until {self.until}"
