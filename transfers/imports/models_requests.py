"""E-mails that ask another site for students' data, sent from here. Destroyed after 30 days: they name a student."""

import uuid
from typing import ClassVar

from django.db import models

from rostering.models import School
from transfers.codes.models import Kind


class RequestState(models.TextChoices):
    """Where a request is on its way."""

    WAITING = "waiting", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Unknown whether it was sent"


class DataRequest(models.Model):
    """One e-mail to the administrator of another site. It is handed to the mail server at most once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+")
    recipient = models.EmailField()
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.WAITING)
    settled_at = models.DateTimeField(null=True, help_text="When it was sent or failed.")
    answer = models.CharField(max_length=200, blank=True, help_text="The mail server's, in plain words.")

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["-asked_at", "-id"], name="requests_newest")]

    def __str__(self) -> str:
        return f"request {self.pk}"
