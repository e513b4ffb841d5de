"""Searches and what they found, in the public schema: counts and the names of columns, never a value."""

import uuid
from typing import ClassVar

from django.db import models

from tenants.models import District


class Sweep(models.Model):
    """One search for the identifiers of those who were anonymized or destroyed. Begun with them, finished once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="sweeps")
    ledger_number = models.PositiveIntegerField(help_text="The ledger entry whose disposition it follows.")
    what = models.CharField(max_length=40, help_text="The kind of that entry, such as anonymization.")
    asked_at = models.DateTimeField()
    people = models.PositiveIntegerField(help_text="Of how many students values were sampled.")
    samples = models.PositiveIntegerField(help_text="How many values are searched for.")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    columns = models.PositiveIntegerField(default=0, help_text="Columns of tables that were searched.")
    rows = models.PositiveBigIntegerField(default=0, help_text="Rows that were read.")
    keys = models.PositiveIntegerField(default=0, help_text="Keys of the broker and the cache that were read.")
    files = models.PositiveIntegerField(default=0, help_text="Files that were read, those inside archives too.")
    bytes = models.PositiveBigIntegerField(default=0, help_text="Bytes of files, of the broker and of the cache.")
    unreached = models.JSONField(default=list, help_text="Places that could not be searched, in words.")
    hits = models.JSONField(default=dict, help_text="Where something was found: place, and how often. Never a value.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "ledger_number"], name="one_sweep_per_entry")
        ]
        indexes: ClassVar = [models.Index(fields=["-asked_at", "id"], name="sweeps_newest")]
        ordering: ClassVar = ["-asked_at", "id"]

    def __str__(self) -> str:
        return f"search after entry {self.ledger_number}"


class Outcome(models.TextChoices):
    """What it was that a search had found. The ledger says this much; the words stay with the incident."""

    REMOVED = "removed", "It was theirs, and is removed now"
    OTHERS = "others", "It is somebody else's, and rightly there"
    OUTSIDE = "outside", "It is out of Yearturn's reach, and whoever keeps it was told"


class Incident(models.Model):
    """Something was found that should have been gone: a person looks at it, and closes it with a reason."""

    sweep = models.OneToOneField(Sweep, on_delete=models.CASCADE, related_name="incident")
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="incidents")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    closed_reason = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    ledger_number = models.PositiveIntegerField(null=True, help_text="The ledger entry of its closing.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["opened_at", "id"], name="incidents_open", condition=models.Q(closed_at=None))
        ]
        ordering: ClassVar = ["-opened_at", "-id"]

    def __str__(self) -> str:
        return f"incident {self.pk}"
