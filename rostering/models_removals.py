"""Educators whom a person removed: who did it, and what to bring back."""

import uuid
from typing import ClassVar

from django.db import models

from rostering.models_people import Educator


class EducatorRemoval(models.Model):
    """One removal of one or more educators, by a named person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    left_on = models.DateField()
    school_id = models.BigIntegerField(null=True, help_text="The school of the admin who did it; empty: the district.")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"removal by {self.actor}"


class RemovedEducator(models.Model):
    """One educator of a removal, with what was ended: all that bringing them back needs."""

    removal = models.ForeignKey(EducatorRemoval, on_delete=models.CASCADE, related_name="educators")
    educator = models.ForeignKey(Educator, on_delete=models.CASCADE, related_name="removals")
    assignments = models.JSONField(default=list, help_text="Keys of the teaching assignments that were ended.")
    accounts = models.JSONField(default=list, help_text="Keys of the log-ins that were closed.")
    back_at = models.DateTimeField(null=True)
    back_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["removal", "educator"], name="removed_once_per_removal")
        ]

    def __str__(self) -> str:
        return f"educator {self.educator_id}"
