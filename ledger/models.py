"""Ledger entries: counts and identifiers only, so that they may outlive the data and the district."""

from typing import ClassVar

from django.db import models


class LedgerEntry(models.Model):
    """One thing that was done to one district. The database refuses to change or delete it."""

    district_id = models.BigIntegerField(db_index=True)
    number = models.PositiveIntegerField(help_text="Counts up within the district, without gaps.")
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    facts = models.JSONField(help_text="Counts and identifiers, no personal data.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district_id", "number"], name="one_entry_per_number")]
        ordering: ClassVar = ["district_id", "number"]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.district_id}/{self.number} {self.kind}"
