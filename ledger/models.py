"""Ledger entries: counts and identifiers only, so that they may outlive the data and the district."""

from typing import ClassVar

from django.db import models


class LedgerEntry(models.Model):
    """One thing that was done to one district. The database refuses to change or delete it, or to leave one out."""

    district_id = models.BigIntegerField(db_index=True)
    number = models.PositiveIntegerField(help_text="Counts up within the district, without gaps.")
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    facts = models.JSONField(help_text="Counts and identifiers, no personal data.")
    previous = models.CharField(max_length=64, help_text="The digest of the district's entry before this one.")
    digest = models.CharField(max_length=64, help_text="SHA-256 over everything else in it; see ledger.chain.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district_id", "number"], name="one_entry_per_number")]
        ordering: ClassVar = ["district_id", "number"]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.number}. {self.kind}"


class LedgerHead(models.Model):
    """How far a district's ledger goes, and how far it is published. Kept by the database with each entry."""

    district_id = models.BigIntegerField(primary_key=True)
    number = models.PositiveIntegerField()
    published = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["district_id"], name="ledger_to_publish", condition=models.Q(published__lt=models.F("number"))
            )
        ]

    def __str__(self) -> str:
        return f"entry {self.number}, published to {self.published}"
