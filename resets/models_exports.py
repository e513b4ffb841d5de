"""What became of a year's data before its reset, in the public schema: times, keys and counts, no personal data."""

from typing import ClassVar

from django.db import models

from tenants.models import District


class YearExport(models.Model):
    """The newest package of one district's suite and school year, how far it came, and whether it was waived.

    Its states only go forward, and the database refuses a step back; a newer package begins anew. The history is in
    the ledger.
    """

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="year_exports")
    suite = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField()
    package_id = models.UUIDField(null=True, help_text="Of the newest package; empty while none was made.")
    rows = models.BigIntegerField(default=0, help_text="Rows in the package.")
    built_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True, help_text="Its files were read back and counted.")
    downloaded_at = models.DateTimeField(null=True, help_text="The first time, to its last byte.")
    downloaded_by = models.CharField(max_length=80, blank=True)
    gone_at = models.DateTimeField(null=True, help_text="Its file was destroyed.")
    waived_at = models.DateTimeField(null=True, help_text="The reset need not wait for it.")
    waived_by = models.CharField(max_length=80, blank=True)
    waived_reason = models.CharField(max_length=300, blank=True)
    printed_at = models.DateTimeField(null=True, help_text="The report that the source asks to print was printed.")
    printed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "suite", "school_year"], name="one_export_per_year"),
            models.CheckConstraint(
                condition=models.Q(package_id=None) | models.Q(built_at__isnull=False), name="a_package_was_built"
            ),
            models.CheckConstraint(
                condition=models.Q(checked_at=None) | models.Q(built_at__isnull=False), name="checked_after_built"
            ),
            models.CheckConstraint(
                condition=models.Q(downloaded_at=None) | models.Q(checked_at__isnull=False),
                name="downloaded_after_checked",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["downloaded_at"], name="export_by_download"),
            models.Index(fields=["waived_at"], name="export_by_waiver"),
        ]
        ordering: ClassVar = ["-school_year", "suite"]

    def __str__(self) -> str:
        return f"the data of {self.suite} {self.school_year}"
