"""Approvals, in the public schema: what was asked, bound to what, decided by whom. Identifiers and counts only."""

import uuid
from typing import ClassVar

from django.db import models

from tenants.models import District


class ApprovalState(models.TextChoices):
    """An approval's states, which only go forward (the database refuses a step back)."""

    ASKED = "asked", "Waits for a second person"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    STALE = "stale", "Stale: what it was given for has changed"
    USED = "used", "Used"


class Approval(models.Model):
    """One destructive piece of work outside of its policy's automatic path, and the two people who stand for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=20, help_text="early_reset, repeat_reset, restore or destruction.")
    subject = models.CharField(max_length=80, help_text="What it is for, such as run:<id>.")
    scope = models.JSONField(default=dict, help_text="What exactly would be done; identifiers only.")
    policy_version = models.CharField(max_length=40, blank=True)
    on = models.DateField(null=True, blank=True, help_text="The date it is for, local to the district.")
    ceiling = models.JSONField(default=dict, help_text="{what: the most rows it may concern}")
    reason = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=80)
    asked_email = models.CharField(max_length=64, help_text="SHA-256 of the asker's e-mail address.")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=ApprovalState.choices, default=ApprovalState.ASKED)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    stale_because = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-asked_at", "id"], name="approvals_newest"),
            models.Index(fields=["subject"], name="approvals_by_subject"),
        ]
        ordering: ClassVar = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject} ({self.state})"
