"""Who gets which report by e-mail and when, and each e-mail that was sent, in the district's own schema."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from reports.delivery.models import Every
from reports.mailing.mailed import Mailed
from rostering.models import Student


class ReportSubscription(models.Model):
    """One person's wish for a report. Ended, never deleted, unless the person or the one student is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    report = models.CharField(max_length=60)
    filters = models.CharField(max_length=500, blank=True, help_text="As in the address: keys and dates, no names.")
    student = models.ForeignKey(Student, null=True, on_delete=models.CASCADE, related_name="+")
    every = models.CharField(max_length=12, choices=Every.choices)
    hour = models.PositiveSmallIntegerField(help_text="Local to the district.")
    weekday = models.PositiveSmallIntegerField(null=True, help_text="1 is Monday; of a weekly one.")
    suite = models.CharField(max_length=40, blank=True, help_text="Whose reset date; of one before the reset.")
    days = models.PositiveSmallIntegerField(null=True, help_text="Before the reset date.")
    sight = models.JSONField(default=dict, help_text="The person's role, school and educator when they asked.")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "-created_at"], name="subscriptions_of_person"),
            models.Index(fields=["every", "weekday", "hour"], name="open_subscriptions", condition=Q(ended_at=None)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(every="weekly", weekday__isnull=False, days=None, suite="")
                | (Q(every="before_reset", weekday=None, days__isnull=False) & ~Q(suite="")),
                name="a_weekday_or_a_reset",
            )
        ]
        ordering: ClassVar = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.report}, {self.every}"


class ReportDelivery(Mailed):
    """One e-mail of a subscription: at most one for each occasion."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(ReportSubscription, on_delete=models.CASCADE, related_name="deliveries")
    student = models.ForeignKey(
        Student,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The subscription's: both go with them.",
    )
    occasion = models.CharField(max_length=60, help_text="The day of a weekly one, or the reset that it is before.")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "occasion"], name="one_delivery_per_occasion")
        ]
        ordering: ClassVar = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.occasion} ({self.mail})"
