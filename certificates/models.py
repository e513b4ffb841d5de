"""Certificates, in the public schema: counts and identifiers, no personal data, so that they outlive the district."""

import uuid
from typing import ClassVar

from django.db import models

from certificates.stages import Stage


class Certificate(models.Model):
    """One version of one certificate. The database refuses to change or delete it, and a stage that goes back.

    A certificate is known by its number; each version of it supersedes the one before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=16, help_text="The same for all versions; printed, and in the QR code.")
    version = models.PositiveSmallIntegerField()
    district_id = models.BigIntegerField()
    ledger_number = models.PositiveIntegerField(help_text="The ledger entry that it certifies.")
    kind = models.CharField(max_length=40)
    suite = models.CharField(max_length=40, blank=True, help_text="Empty: every suite.")
    school_year = models.PositiveSmallIntegerField(null=True)
    stage = models.CharField(max_length=17, choices=Stage.choices)
    progress = models.CharField(max_length=120, help_text="What this version knows of storage, searches and restores.")
    backups_until = models.DateField(
        null=True, help_text="The last day on which a backup may hold the data; empty until the storage is rewritten."
    )
    document = models.JSONField(help_text="What is signed. No personal data.")
    signature_key = models.CharField(max_length=16)
    signature_value = models.CharField(max_length=88)
    issued_at = models.DateTimeField()
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "version"], name="one_certificate_per_version"),
            models.UniqueConstraint(
                fields=["district_id", "ledger_number", "version"], name="one_certificate_per_entry"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-issued_at", "id"], name="certificates_newest"),
            models.Index(fields=["district_id", "-ledger_number"], name="certificates_of_district"),
            models.Index(fields=["id"], name="certificates_open", condition=~models.Q(stage="final")),
        ]
        ordering: ClassVar = ["-issued_at", "id"]

    def __str__(self) -> str:
        return f"{self.number}, version {self.version}"
