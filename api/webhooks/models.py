"""Endpoints, their secrets and what was delivered to them, in the public schema: no personal data."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from events.models import Event
from reports.mailing.mailed import Mailed
from tenants.models import District


class Why(models.TextChoices):
    """Why an endpoint is switched off."""

    PERSON = "person", "Switched off by an admin"
    FAILING = "failing", "Switched off: it took nothing for three days"
    GONE = "gone", "Switched off: its server said that it is gone (410)"


class Endpoint(models.Model):
    """An address of a district's own choice that is told what happens."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="webhooks")
    address = models.CharField(max_length=500)
    description = models.CharField(max_length=80, help_text="What it belongs to, not a person's name.")
    types = models.JSONField(default=list, help_text="The types of events that it asks for.")
    made_by = models.CharField(max_length=80, help_text="Role and key, never a name.")
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=8, choices=Why.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.description


class EndpointSecret(models.Model):
    """A secret that signs what an endpoint is sent. There are two while one takes over from the other."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.TextField(help_text="Encrypted under a key of the environment; see tenants.sealing.")
    tail = models.CharField(max_length=4, help_text="Its last letters, to tell one from another.")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"secret {self.pk} of endpoint {self.endpoint_id}"


class State(models.TextChoices):
    """Where a delivery is on its way."""

    WAITING = "waiting", "Waits"
    DELIVERED = "delivered", "Delivered"
    GIVEN_UP = "given_up", "Given up"


class Delivery(models.Model):
    """One event on its way to one endpoint. Of the answer only its status and how long it took are kept."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=80, help_text="The event's: a later one waits for the earlier.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, help_text="On the database's own clock.")
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="The newest answer's.")
    milliseconds = models.PositiveIntegerField(null=True, help_text="How long the newest attempt took.")
    trouble = models.CharField(max_length=160, blank=True, help_text="Why there was no answer, in Yearturn's words.")

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_per_endpoint_and_event")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["endpoint", "subject", "event"], name="webhooks_in_order", condition=Q(state="waiting")
            ),
            models.Index(fields=["next_at"], name="webhooks_due", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} to endpoint {self.endpoint_id}"


class Notice(Mailed):
    """The e-mail to one admin, by key, about an endpoint that was switched off."""

    uuid = models.UUIDField(unique=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="notices")
    since = models.DateTimeField(help_text="When it was switched off.")
    recipient_id = models.BigIntegerField(help_text="The admin's key in the district.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "since", "recipient_id"], name="one_notice_per_admin")
        ]

    def __str__(self) -> str:
        return f"notice {self.pk} about endpoint {self.endpoint_id}"
