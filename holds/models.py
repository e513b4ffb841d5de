"""Holds, and the keys of the rows that a reset left out because of them. In each district's schema."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rostering.models import School, Student


class HoldScope(models.TextChoices):
    """What is on hold."""

    STUDENT = "student", "One student"
    SCHOOL = "school", "A whole school"
    DISTRICT = "district", "The whole district"


class Ground(models.TextChoices):
    """Why, in the few words that the ledger and the certificates say."""

    LITIGATION = "litigation", "Litigation"
    INVESTIGATION = "investigation", "Investigation"
    RECORDS_REQUEST = "records_request", "Request for records"
    OTHER = "other", "Other"


class LegalHold(models.Model):
    """A student, school or district that is left out of deletion and anonymization until the hold is lifted."""

    scope = models.CharField(max_length=8, choices=HoldScope.choices)
    student = models.ForeignKey(Student, null=True, on_delete=models.PROTECT, related_name="legal_holds")
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="legal_holds")
    ground = models.CharField(max_length=15, choices=Ground.choices)
    reason = models.CharField(max_length=500)
    placed_by = models.CharField(max_length=80)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scope="student", student__isnull=False, school__isnull=True)
                | Q(scope="school", student__isnull=True, school__isnull=False)
                | Q(scope="district", student__isnull=True, school__isnull=True),
                name="hold_names_what_it_holds",
            )
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"hold {self.pk} ({self.scope})"


class PostponedRow(models.Model):
    """A row of a small table that a reset would have deleted, and left because of a hold. Keys only.

    Rows of facts need no such mark: their school year says that they were due.
    """

    run_id = models.UUIDField()
    position = models.PositiveSmallIntegerField(help_text="The rule's row in the policy.")
    relation = models.CharField(max_length=63)
    row_id = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run_id", "relation"], name="postponed_by_run")]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_id}"
