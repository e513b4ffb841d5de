"""Where rosters come from besides uploads: another OneRoster provider, and keys that may leave bundles by SFTP."""

from typing import ClassVar

from django.db import models

from rostering.oneroster.columns import NEW


class RosterProvider(models.Model):
    """The OneRoster REST service that a district's rosters are pulled from: one at most."""

    VERSIONS: ClassVar = [(NEW[0], "OneRoster 1.2"), ("1.1", "OneRoster 1.1")]

    version = models.CharField(max_length=3, choices=VERSIONS, default=NEW[0])
    address = models.CharField(max_length=500, help_text="The rostering service, up to and without /users.")
    token_address = models.CharField(max_length=500, help_text="Where OAuth 2 access tokens are given.")
    client_id = models.CharField(max_length=200)
    sealed_secret = models.TextField(help_text="Encrypted under a key of the environment; never shown again.")
    is_nightly = models.BooleanField(default=False, help_text="Nights pull from here, not from the drop folder.")
    full_wanted = models.BooleanField(default=True, help_text="The next pull reads everything, not only changes.")
    read_to = models.DateTimeField(null=True, help_text="Changes up to this moment, on the provider's clock, are here.")
    full_year = models.PositiveSmallIntegerField(null=True, help_text="The school year of the last whole reading.")
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_roster_provider")]

    def __str__(self) -> str:
        return f"OneRoster {self.version} provider"


class SftpKey(models.Model):
    """A public key that may leave bundles in the district's drop folder. Its comment, which may name a person, is not
    kept."""

    public_key = models.CharField(max_length=1000, unique=True, help_text="Algorithm and key, without the comment.")
    fingerprint = models.CharField(max_length=60)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"SFTP key {self.pk}"

    @property
    def algorithm(self) -> str:
        """What kind of key it is."""
        return self.public_key.partition(" ")[0]
