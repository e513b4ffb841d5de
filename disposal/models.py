"""What a district has asked to have exported or destroyed, in the public schema: counts and dates, no personal data."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tenants.models import District


class CaseKind(models.TextChoices):
    """What is asked for."""

    EXPORT = "export", "Export"
    DESTRUCTION = "destruction", "Destruction"


class CaseScope(models.TextChoices):
    """Whose data."""

    STUDENT = "student", "One student"
    DISTRICT = "district", "The whole district"


class CaseState(models.TextChoices):
    """How far it is. Of a destruction it follows its approval's (see `disposal.approving`)."""

    ASKED = "asked", "Waits for approval"
    APPROVED = "approved", "Approved, in work"
    DONE = "done", "Done"
    STALE = "stale", "To be asked again"
    """What was approved is not what would be destroyed now: nothing was done, and the due date stays."""
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Taken back"


OPEN = (CaseState.ASKED, CaseState.APPROVED, CaseState.STALE)


class Case(models.Model):
    """One request. Who it is about, and who asked the district, stands in the district's own schema only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="disposal_cases")
    kind = models.CharField(max_length=11, choices=CaseKind.choices)
    scope = models.CharField(max_length=8, choices=CaseScope.choices)
    state = models.CharField(max_length=9, choices=CaseState.choices, default=CaseState.ASKED)
    asked_by = models.CharField(max_length=80, help_text="Role and key, never a name.")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    approval_id = models.UUIDField(null=True, help_text="Of a destruction: the approval that was asked for last.")
    done_at = models.DateTimeField(null=True)
    ledger_number = models.PositiveIntegerField(null=True)
    counts = models.JSONField(
        default=dict, help_text="Rows per table: as the preview showed them, then as they were exported or destroyed."
    )
    waived_reason = models.CharField(
        max_length=500, blank=True, help_text="Why a leaving district wants no export first; whoever asked says so."
    )
    downloads = models.PositiveIntegerField(default=0)
    kept_until = models.DateField(null=True, help_text="Of an export: the last day on which it can be downloaded.")

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"], name="cases_due", condition=Q(state__in=["asked", "approved", "stale"])
            ),
            models.Index(fields=["district", "-asked_at"], name="cases_of_district"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN


class DistrictCount(models.Model):
    """All rows of a district by relation, as counted last: so that a page can say them without counting."""

    district = models.OneToOneField(District, primary_key=True, on_delete=models.CASCADE, related_name="row_count")
    counted_at = models.DateTimeField()
    rows = models.JSONField(default=dict, help_text="Rows per table; counts only.")

    def __str__(self) -> str:
        return f"counted {self.counted_at}"
