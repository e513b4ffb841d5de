"""Clients of the API, in the public schema: no personal data, and no secret that could be used.

Secrets and tokens are 256 random bits, so that one SHA-256 keeps them: nobody can guess their way back to them, and
each request looks its token up by its digest.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from accounts.actors import PROGRAM
from accounts.models import Role, User
from tenants.models import Csm, District


class Client(models.Model):
    """A program that a district, or the vendor for the districts of a book, lets in."""

    client_id = models.CharField(max_length=40, unique=True)
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.CASCADE, related_name="api_clients")
    csm = models.ForeignKey(
        Csm,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="api_clients",
        verbose_name="book",
        help_text="Whose districts a vendor's client may enter.",
    )
    name = models.CharField(max_length=80, help_text="The program's name, not a person's.")
    scopes = models.JSONField(default=list)
    school_id = models.BigIntegerField(null=True, blank=True, help_text="The one school that it sees; empty: all.")
    networks = models.JSONField(default=list, help_text="From where it may come; empty: from anywhere.")
    expires_at = models.DateTimeField()
    made_by = models.CharField(max_length=80, help_text="Role and key, never a name.")
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = "API client"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(district=None, csm__isnull=False, school_id=None) | Q(district__isnull=False, csm=None),
                name="a_client_is_a_districts_or_a_books",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """How records name it."""
        return f"{PROGRAM}:{self.pk}"


class ClientSecret(models.Model):
    """A secret of a client. There are two while one takes over from the other."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="secrets")
    digest = models.CharField(max_length=64, unique=True)
    tail = models.CharField(max_length=4, help_text="Its last letters, to tell one from another.")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"secret {self.pk} of client {self.client_id}"


class AccessToken(models.Model):
    """A token that was given to a client, good at one host only: its audience."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    district = models.ForeignKey(
        District, null=True, on_delete=models.CASCADE, related_name="+", help_text="Empty: the public host."
    )
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["client", "expires_at"], name="tokens_of_client")]

    def __str__(self) -> str:
        return f"token {self.pk} of client {self.client_id}"


class Caller(User):
    """A client as the code below sees whoever asks: an admin of the district, or of its one school. Never a row."""

    client: Client

    class Meta:
        proxy = True

    def save(self, *_: Any, **__: Any) -> None:
        """Never: a program is not one of the district's people.

        Raises:
            TypeError: always.
        """
        raise TypeError("a client is nobody's account")

    @classmethod
    def of(cls, client: Client, *, in_district: bool) -> "Caller":
        """The caller of a client; a vendor's is in a district's host what the district's own admin is."""
        at_home = Role.DISTRICT_ADMIN if client.school_id is None else Role.SCHOOL_ADMIN
        caller = cls(name=client.name, role=at_home if in_district else Role.CSM, school_id=client.school_id)
        caller.client = client
        return caller

    @property
    def actor(self) -> str:
        """How records name it: the client."""
        return self.client.actor
