"""Year packages, in the public schema: states, counts, dates and checksums, no personal data.

The file itself lies in the district's own folder, and goes with the district.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tenants.models import District


class PackageState(models.TextChoices):
    """How far a package is. States go forward only; the database holds it."""

    WAITING = "waiting", "Waits for a worker"
    BUILDING = "building", "Being built"
    READY = "ready", "Built and checked"
    FAILED = "failed", "Not built"
    GONE = "gone", "Destroyed"


OPEN = (PackageState.WAITING, PackageState.BUILDING)


class GoneReason(models.TextChoices):
    """Why a package was destroyed."""

    EXPIRED = "expired", "The last day on which it was kept is over"
    REPLACED = "replaced", "A newer package of the same year took its place"
    ASKED = "asked", "A district admin destroyed it"
    ERASED = "erased", "Somebody whose data was in it was destroyed or anonymized"
    DISTRICT = "district", "The district was removed"


class Package(models.Model):
    """One package of one suite and school year of a district."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="packages")
    suite = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField(help_text="The year in which the school year ends.")
    state = models.CharField(max_length=8, choices=PackageState.choices, default=PackageState.WAITING)
    asked_by = models.CharField(max_length=80, help_text="Role and key, never a name.")
    asked_at = models.DateTimeField()
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=80, blank=True, help_text="What is being done now, in words.")
    is_stale = models.BooleanField(
        default=False, help_text="While it was being built somebody in it was erased: it is built anew."
    )
    error = models.CharField(max_length=500, blank=True)
    snapshot_at = models.DateTimeField(null=True, help_text="Everything in it is as it was at this moment.")
    built_at = models.DateTimeField(null=True)
    kept_until = models.DateField(null=True, help_text="The last day on which it can be downloaded.")
    file = models.CharField(max_length=120, blank=True, help_text="Below the district's own folder.")
    size = models.BigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    rows = models.BigIntegerField(default=0)
    students = models.PositiveIntegerField(default=0)
    contents = models.JSONField(default=list, help_text="[{name, size, sha256, rows}] of each file in it.")
    encrypted_to = models.JSONField(default=list, help_text="The public keys that open it; empty: not encrypted.")
    downloads = models.PositiveIntegerField(default=0, help_text="How often it was handed out to the last byte.")
    gone_at = models.DateTimeField(null=True)
    gone_reason = models.CharField(max_length=8, choices=GoneReason.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "id"]
        indexes: ClassVar = [models.Index(fields=["district", "-asked_at", "id"], name="packages_of_district")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "suite", "school_year"],
                condition=Q(state__in=["waiting", "building"]),
                name="one_package_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"package {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be built."""
        return self.state in OPEN


class Handover(models.Model):
    """One download of a package by one person, with all requests by which it was resumed."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="handovers")
    actor = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()
    requests = models.PositiveIntegerField(default=0)
    sent = models.JSONField(default=list, help_text="[[first, after the last]] of the bytes handed to the network.")
    whole_at = models.DateTimeField(null=True, help_text="When every byte had been handed to the network.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["package", "actor"], condition=Q(whole_at=None), name="one_open_handover_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"handover of package {self.package_id}"


class PackageKey(models.Model):
    """A public key of age to which a district has its packages encrypted."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="package_keys")
    recipient = models.CharField(max_length=2500, help_text="age1... or an SSH public key, without its comment.")
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "recipient"], name="a_package_key_once"),
        ]

    def __str__(self) -> str:
        return f"package key {self.pk}"
