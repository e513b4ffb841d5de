"""When something is due in a district, in the public schema: so that a tick finds it without visiting any district.

A slot says that somebody there gets a report at this hour. Who, and which, is in the district's own schema.
"""

from typing import ClassVar

from django.db import models

from tenants.models import District


class Every(models.TextChoices):
    """How often a report is sent."""

    WEEKLY = "weekly", "Each week"
    BEFORE_RESET = "before_reset", "Before the reset"


class DeliverySlot(models.Model):
    """An hour at which a district's people get reports. Kept by `delivery.services` with each subscription."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    every = models.CharField(max_length=12, choices=Every.choices)
    hour = models.PositiveSmallIntegerField(help_text="Local to the district.")
    weekday = models.PositiveSmallIntegerField(null=True, help_text="1 is Monday; of a weekly one.")
    suite = models.CharField(max_length=40, blank=True, help_text="Whose reset date; of one before the reset.")
    days = models.PositiveSmallIntegerField(null=True, help_text="Before the reset date.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "every", "hour", "weekday", "suite", "days"],
                name="one_delivery_slot",
                nulls_distinct=False,
            )
        ]
        indexes: ClassVar = [models.Index(fields=["every", "weekday", "hour"], name="delivery_slots_due")]

    def __str__(self) -> str:
        return f"{self.every} at {self.hour}:00"
