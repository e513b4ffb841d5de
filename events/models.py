"""Events of all districts, in the public schema: identifiers and counts only."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """One thing that happened in one district. Never changed, but for the number that it gets once it is committed."""

    uuid = models.UUIDField(unique=True, help_text="What receivers know it by.")
    district_id = models.BigIntegerField()
    number = models.PositiveIntegerField(
        null=True, help_text="Counts up within the district, in the order in which events became visible."
    )
    type = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, help_text="What it is about; events of one subject are told in order.")
    facts = models.JSONField(help_text="Identifiers and counts, no personal data.")
    at = models.DateTimeField()
    once = models.CharField(max_length=80, blank=True, help_text="Names what is noted once, however often it is tried.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "number"], name="one_event_per_number"),
            models.UniqueConstraint(
                fields=["district_id", "type", "once"], condition=~Q(once=""), name="an_event_is_noted_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["id"], name="events_to_number", condition=Q(number=None))]

    def __str__(self) -> str:
        return f"{self.type} of {self.subject}"
