"""In the district that receives: one import, from the code that was entered to the last line of its log."""

import uuid
from typing import ClassVar, Final

from django.db import models

from rostering.models import School
from transfers.codes.models import Kind


class ImportState(models.TextChoices):
    """An import's states, which only go forward."""

    ANALYZING = "analyzing", "Analyzing data for the import preview"
    READY = "ready", "Ready for review"
    IMPORTING = "importing", "Importing"
    COMPLETED = "completed", "Imported"
    FAILED = "failed", "Import Failed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"
    UNDONE = "undone", "Taken back"


PENDING: Final = (ImportState.ANALYZING, ImportState.READY, ImportState.IMPORTING)
"""The states of "Pending Imports"; the others but cancelled and expired are "Completed Imports"."""


class Import(models.Model):
    """One redemption of a transfer code. Names of students are in the staged rows and in the log, not here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code_id = models.UUIDField(help_text="The TransferCode's key in the public schema.")
    source_district_id = models.BigIntegerField()
    source_district = models.CharField("previous district", max_length=200)
    source_school = models.CharField("previous school", max_length=255)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    grade = models.CharField(max_length=2, blank=True, help_text="Which grade was transferred.")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="requesting school")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.ANALYZING)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField(
        help_text="When what is staged is destroyed, whatever has become of it: the code's."
    )
    analyzed_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=80, blank=True, help_text="Who selected Import Students.")
    approved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True, help_text="When it was imported, failed, cancelled or expired.")
    finished_by = models.CharField(max_length=80, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=12, blank=True, help_text="What support asks for after a failure.")
    reason = models.CharField(max_length=40, blank=True, help_text="Code of why it failed, where one is known.")
    students = models.PositiveIntegerField(default=0, help_text="How many came with the code.")
    imported = models.PositiveIntegerField(default=0, help_text="How many of them were imported.")
    changed = models.PositiveIntegerField(default=0, help_text="How many of those with changes.")
    rows = models.PositiveIntegerField(default=0, help_text="Records that were written.")

    class Meta:
        ordering: ClassVar = ["-requested_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-requested_at", "-id"], name="imports_newest"),
            models.Index(fields=["school", "-requested_at", "-id"], name="imports_of_school"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_pending(self) -> bool:
        """Whether it stands in "Pending Imports"."""
        return self.state in PENDING
