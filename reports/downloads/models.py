"""Files of reports that the worker prepares, in the district's own schema: for the person who asked, for some days."""

import uuid
from typing import ClassVar

from django.db import models

from accounts.models import User
from reports.mailing.mailed import Mailed
from rostering.models import Student


class FileState(models.TextChoices):
    """How far a file is. States go forward only."""

    WAITING = "waiting", "Being prepared"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be prepared"
    REMOVED = "removed", "Removed"


class PreparedFile(Mailed):
    """One file that somebody asked for. It is gone when what they may see has changed, or a student in it is gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    report = models.CharField(max_length=60)
    filters = models.CharField(max_length=500, blank=True, help_text="As in the address: keys and dates, no names.")
    student = models.ForeignKey(Student, null=True, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=8)
    sight = models.JSONField(default=dict, help_text="What the person could see when they asked; see `seeing`.")
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.WAITING)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    kept_until = models.DateField(null=True, help_text="The last day on which it can be downloaded.")
    ledger_seen = models.PositiveIntegerField(default=0, help_text="The ledger's last entry before the rows were read.")
    students = models.PositiveIntegerField(null=True)
    rows = models.PositiveBigIntegerField(null=True)
    size = models.PositiveBigIntegerField(null=True, help_text="In bytes.")
    file = models.CharField(max_length=200, blank=True, help_text="Below the district's own folder.")
    why = models.CharField(max_length=300, blank=True, help_text="Why it failed or was removed, in plain words.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-asked_at"], name="prepared_by_person")]
        ordering: ClassVar = ["-asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.report} as {self.format} ({self.state})"
