"""What an import did: the log's lines by student, and the lineage of every record that it brought."""

from typing import ClassVar

from django.db import models

from rostering.models import Student
from transfers.imports.models_imports import Import


class SourceStatus(models.TextChoices):
    """SourceImportStatus of the log: whether a student was imported, and if so, whether changes were made."""

    UNCHANGED = "unchanged", "Imported with no changes"
    CHANGED = "changed", "Imported with changes"
    NOT_IMPORTED = "not_imported", "Not imported"
    TAKEN_BACK = "taken_back", "Taken back"


class ScoreStatus(models.TextChoices):
    """ScoreImportStatus of the log: whether all or some of a student's Star and AR scores were imported."""

    ALL = "all", "All"
    SOME = "some", "Some"
    NONE = "none", "None"


class ImportedStudent(models.Model):
    """A line of an import's log: who somebody was on the source site, and who they are here.

    Destroyed when the student is anonymized. A line of somebody who was not imported has no student, and is destroyed
    when the import's staged rows would have expired.
    """

    transfer = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="results")
    student = models.ForeignKey(Student, null=True, on_delete=models.CASCADE, related_name="+")
    source_district_id = models.BigIntegerField()
    source_key = models.BigIntegerField(help_text="The student's surrogate key on the source site.")
    given_name = models.CharField(max_length=255)
    family_name = models.CharField(max_length=255)
    grade = models.CharField(max_length=2, blank=True)
    source_student_number = models.CharField(max_length=255, blank=True)
    source_state_id = models.CharField(max_length=255, blank=True)
    source_username = models.CharField(max_length=255, blank=True)
    source_email = models.CharField(max_length=255, blank=True)
    student_number = models.CharField(max_length=255, blank=True)
    state_id = models.CharField(max_length=255, blank=True)
    username = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=255, blank=True)
    is_new = models.BooleanField(default=False, help_text="Whether the student's record here was made by the import.")
    source_status = models.CharField(max_length=12, choices=SourceStatus.choices)
    score_status = models.CharField(max_length=4, choices=ScoreStatus.choices)
    reasons = models.JSONField(default=list, help_text="Codes of what was changed or hindered the import.")
    rows = models.PositiveIntegerField(default=0, help_text="Records that were written.")
    known = models.PositiveIntegerField(default=0, help_text="Records that were here already.")
    packet = models.JSONField(
        default=dict,
        help_text="What a split needs to make the student anew: the incoming row's other personal columns.",
    )

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "source_key"], name="one_line_per_student")
        ]
        indexes: ClassVar = [
            models.Index(fields=["student"], name="imported_by_student"),
            models.Index(fields=["source_district_id", "source_key"], name="imported_by_source"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk} of import {self.transfer_id}"


class ImportedRow(models.Model):
    """The lineage of a record: which import brought it. Its facts follow the student; so does this."""

    transfer = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lineage")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    relation = models.CharField(max_length=63)
    school_year = models.PositiveSmallIntegerField()
    row_id = models.UUIDField()
    source_id = models.UUIDField(
        null=True,
        help_text="The product's own event id, where the record could not have it because another student does.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["relation", "school_year", "row_id"], name="one_lineage_per_row")
        ]
        indexes: ClassVar = [models.Index(fields=["student"], name="lineage_by_student")]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_id} of import {self.transfer_id}"
