"""The public schema's account of districts. No student's personal data is ever kept here."""

import uuid
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

SLUG = RegexValidator(r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$", "Use 3 to 40 lower-case letters, digits and hyphens.")


class Csm(models.Model):
    """A customer success manager, whose book is the districts that point here."""

    name = models.CharField(max_length=120)
    email = models.EmailField(unique=True)

    class Meta:
        verbose_name = "customer success manager"

    def __str__(self) -> str:
        return self.name


class District(TenantMixin, models.Model):
    """A district: one customer, one schema, one host. Times of day are in its own time zone."""

    auto_create_schema = False
    auto_drop_schema = False

    slug = models.CharField(max_length=40, unique=True, validators=[SLUG])
    name = models.CharField(max_length=200)
    nces_id = models.CharField("NCES id", max_length=7, blank=True)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    school_year = models.PositiveSmallIntegerField(help_text="The year in which the current school year ends.")
    school_year_ends_on = models.DateField()
    summer_session_ends_on = models.DateField(null=True, blank=True)
    rostering_starts_on = models.DateField(help_text="First day of rostering for the new school year.")
    csm = models.ForeignKey(Csm, null=True, blank=True, on_delete=models.SET_NULL, related_name="book")
    nightly_sync = models.BooleanField(
        default=False, help_text="Import the newest bundle from the drop folder nightly."
    )
    nightly_sync_hour = models.PositiveSmallIntegerField(default=1)
    removal_threshold_percent = models.PositiveSmallIntegerField(default=5, help_text="Of one school's students.")
    removal_threshold_people = models.PositiveIntegerField(default=100)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin, models.Model):
    """A host name of a district."""


class ClosedDay(models.Model):
    """A day on which nothing of this district may be reset."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="closed_days")
    on = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district", "on"], name="one_closed_day_per_date")]
        ordering: ClassVar = ["on"]

    def __str__(self) -> str:
        return f"{self.on}: {self.reason}"


class DistrictStatus(models.Model):
    """Where a district stands, for lists over many districts: written by what happens there. Counts, no names."""

    district = models.OneToOneField(District, primary_key=True, on_delete=models.CASCADE, related_name="status")
    last_sync_at = models.DateTimeField(null=True)
    last_sync_state = models.CharField(max_length=12, blank=True)
    last_import_at = models.DateTimeField(
        null=True, help_text="When an import file was last applied or found unchanged."
    )
    roster_year = models.PositiveSmallIntegerField(null=True, help_text="The school year of the last import.")
    held_removals = models.PositiveIntegerField(default=0)
    syncs_paused_on = models.DateField(null=True)
    rostering_complete_at = models.DateTimeField(null=True)
    ready_items = models.PositiveSmallIntegerField(default=0)
    ready_total = models.PositiveSmallIntegerField(default=0)
    readiness_checked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "district statuses"

    def __str__(self) -> str:
        return f"status of district {self.district_id}"


class SimulatedClock(models.Model):
    """The time that the demo or a test has set. Production never reads it."""

    now = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_simulated_clock")]

    def __str__(self) -> str:
        return self.now.isoformat()


class SchemaTemplate(models.Model):
    """The SQL that makes a district's schema, as the migrations ran it; see tenants.migrating.template."""

    digest = models.CharField(primary_key=True, max_length=64, help_text="Of the migrations and their text.")
    statements = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest


class RefusedTask(models.Model):
    """A task that was not run because its district could not be entered safely."""

    task = models.CharField(max_length=200)
    district_id = models.BigIntegerField(null=True)
    schema_name = models.CharField(max_length=63, blank=True)
    reason = models.CharField(max_length=500)
    refused_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.task}: {self.reason}"


class JobState(models.TextChoices):
    """A job's states, which only go forward; a new attempt is counted, not a step back."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(models.Model):
    """Background work of one district that the database remembers: the broker's message is only a wake-up.

    `due_at` is on Yearturn's clock. `retry_at` and `lease_until` are on the database's own clock, because they
    watch over processes, which live in real time also when the clock is simulated.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="jobs")
    schema_name = models.CharField(max_length=63, help_text="As it was when the job was asked for.")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, help_text="Names this piece of work: asking for it twice makes one job.")
    payload = models.JSONField(default=dict, help_text="Identifiers only.")
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    stopped = models.PositiveSmallIntegerField(default=0, help_text="Attempts that a person stopped: not counted.")
    sent_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district", "kind", "key"], name="one_job_per_key")]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="job_open", condition=models.Q(state__in=["waiting", "running"]))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.state})"
