"""A transfer code as the public schema knows it: a keyed hash, whose site made it, and whether it can still be used."""

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models

from tenants.models import District


class Kind(models.TextChoices):
    """Whom a code is for: "choose whether you want to transfer data for an entire grade or an individual student"."""

    GRADE = "grade", "Whole Grade"
    STUDENT = "student", "Individual Student"


class CodeState(models.TextChoices):
    """What can be done with a code now."""

    OPEN = "open", "Not used yet"
    USED = "used", "Used"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


class TransferCode(models.Model):
    """One code. The code itself is kept nowhere: only its HMAC; whom it is for is kept in the district that made it.

    Its key is that of the district's `Offer`, and the `import_id` that of the other district's `Import`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mac = models.CharField(max_length=64, unique=True, help_text="HMAC-SHA-256 of the code, in hexadecimal.")
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="transfer_codes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    students = models.PositiveIntegerField(help_text="How many students it was made for.")
    made_by = models.CharField(max_length=80, help_text="Role and key, never a name.")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="The first moment at which it cannot be used any more.")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)
    redeemed_at = models.DateTimeField(null=True)
    redeemed_by = models.CharField(max_length=80, blank=True)
    destination = models.ForeignKey(District, null=True, on_delete=models.SET_NULL, related_name="redeemed_codes")
    import_id = models.UUIDField(null=True, unique=True)
    redemptions = models.PositiveSmallIntegerField(default=0, help_text="More than one after a cancelled import.")

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["district", "-made_at", "-id"], name="codes_of_district")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(redeemed_at=None, import_id=None)
                | models.Q(redeemed_at__isnull=False, import_id__isnull=False),
                name="a_used_code_names_its_import",
            ),
            models.CheckConstraint(
                condition=models.Q(redeemed_at=None) | models.Q(revoked_at=None), name="used_or_revoked"
            ),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"

    def state(self, at: dt.datetime) -> CodeState:
        """What can be done with it at a moment: "Codes must be used within 30 days"."""
        if self.redeemed_at is not None:
            return CodeState.USED
        if self.revoked_at is not None:
            return CodeState.REVOKED
        return CodeState.EXPIRED if at >= self.expires_at else CodeState.OPEN
