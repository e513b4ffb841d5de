"""Who a request is about and who asked for it, in the district's own schema. Goes with the destroyed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from rostering.models import Student


class Asker(models.TextChoices):
    """Who asked the district."""

    PARENT = "parent", "A parent or guardian, or the student when of age"
    DISTRICT = "district", "The district itself"


class DisposalRequest(models.Model):
    """The district's side of a case. Its key is the case's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    student = models.ForeignKey(Student, null=True, on_delete=models.CASCADE, related_name="+")
    asker = models.CharField(max_length=8, choices=Asker.choices)
    note = models.CharField(max_length=500, blank=True, help_text="Who asked, and what for, in the district's words.")
    file = models.CharField(max_length=200, blank=True, help_text="The export, below the district's own folder.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(asker__in=["parent", "district"]), name="a_known_asker")
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"
