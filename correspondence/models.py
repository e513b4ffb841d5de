"""Templates and letters, in the public schema: dates, states and identifiers. Never an address or a person's name.

Whom a letter is for is told by role and number; the address is read from the district's schema while it is sent.
"""

import uuid
from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from tenants.models import District


class Kind(models.TextChoices):
    """The occasions on which a district's admins are written to."""

    BEFORE_60 = "before_60", "60 days before the reset"
    BEFORE_30 = "before_30", "30 days before the reset"
    BEFORE_14 = "before_14", "14 days before the reset"
    BEFORE_7 = "before_7", "7 days before the reset"
    BEFORE_1 = "before_1", "The day before the reset"
    DATA_14 = "data_14", "14 days before the reset: data not downloaded"
    DATA_3 = "data_3", "3 days before the reset: data not downloaded"
    ON_RESET = "on_reset", "After the reset"
    ON_ROSTERING = "on_rostering", "When rostering starts"
    DAY_80 = "day_80", "Before student data is anonymized"
    REQUEST_SOON = "request_soon", "A request is due soon"
    REQUEST_LATE = "request_late", "A request is overdue"
    REQUEST_DONE = "request_done", "A request is done"


REMINDERS = {60: Kind.BEFORE_60, 30: Kind.BEFORE_30, 14: Kind.BEFORE_14, 7: Kind.BEFORE_7, 1: Kind.BEFORE_1}
"""Reminders, by how many days before the reset they are sent."""

DATA_REMINDERS = {14: Kind.DATA_14, 3: Kind.DATA_3}
"""Reminders for those who have answered, of a reset that deletes what nobody has downloaded yet."""

OF_REQUESTS = (Kind.REQUEST_SOON, Kind.REQUEST_LATE, Kind.REQUEST_DONE)
"""Kinds that are about a request for export or destruction, not about a suite."""


class LetterState(models.TextChoices):
    """Where a letter is on its way."""

    WAITING = "waiting", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed: the mail server refused it"
    BOUNCED = "bounced", "Came back"
    SKIPPED = "skipped", "Not sent: no longer needed"
    UNKNOWN = "unknown", "Unknown whether it was sent"


SENT_AGAIN = (LetterState.FAILED, LetterState.BOUNCED, LetterState.UNKNOWN)
"""The states from which a person may have a letter sent again."""


class MailTemplate(models.Model):
    """One version of a kind's wording. Never edited: changing the wording makes the next version."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=8000)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "version"], name="one_template_per_version")]
        ordering: ClassVar = ["kind", "-version"]
        verbose_name = "template"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"


class Letter(models.Model):
    """One letter to one district admin, which is sent at most once for each time that somebody asks for it.

    `claimed_until` is on the database's own clock, because it watches over processes, which live in real time.
    """

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="letters")
    suite = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    about = models.UUIDField(null=True, help_text="The request that it is about; empty when it is about a suite.")
    recipient_id = models.BigIntegerField(null=True, help_text="The admin's key; empty when there was nobody.")
    recipient_role = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=8, choices=LetterState.choices, default=LetterState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often it was handed to the mail server.")
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True, help_text="The mail server's, in plain words.")
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    template = models.ForeignKey(MailTemplate, null=True, on_delete=models.PROTECT, related_name="letters")
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="The placeholders' values, as sent.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "suite", "school_year", "kind", "about", "recipient_id"],
                name="one_letter_per_occasion",
                nulls_distinct=False,
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["district", "recipient_id", "-id"], name="letter_of_person"),
            models.Index(fields=["state", "-id"], name="letter_by_state"),
            models.Index(
                fields=["claimed_until"], name="letter_being_sent", condition=models.Q(state=LetterState.SENDING)
            ),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def recipient(self) -> str:
        """Whom it is for, by role and number."""
        return f"District admin no. {self.recipient_id}" if self.recipient_id else "Nobody: there is no district admin"


class LetterEvent(models.Model):
    """One thing that happened to a letter: when, what, by whom. Never edited."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    what = models.CharField(max_length=300)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.what
