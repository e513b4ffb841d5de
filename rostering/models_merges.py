"""Students who were on the roster twice: what a merge did, how to undo it, and where the other sourcedId leads now."""

import uuid
from typing import ClassVar

from django.db import models

from rostering.models_people import Student
from rostering.models_school import one_per_sourced_id


class StudentMerge(models.Model):
    """One merge of two students. `student` is the one who stays; destroyed when that one is anonymized."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="merges")
    merged_id = models.BigIntegerField(help_text="The key of the student who was merged into the other.")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    counts = models.JSONField(default=dict, help_text="By relation: rows moved, rows put aside.")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merged_id"], condition=models.Q(undone_at=None), name="merged_into_one_student"
            )
        ]

    def __str__(self) -> str:
        return f"student {self.merged_id} into student {self.student_id}"


class MergeUndo(models.Model):
    """What a merge did to one relation: which rows moved, and whole rows that were put aside."""

    merge = models.ForeignKey(StudentMerge, on_delete=models.CASCADE, related_name="undo")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    relation = models.CharField(max_length=63)
    position = models.PositiveSmallIntegerField(help_text="The order of the work; undone backwards.")
    moved = models.JSONField(default=list, help_text="The keys of the rows that were given to the other student.")
    aside = models.JSONField(default=list, help_text="Whole rows that both students had, as they were.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merge", "relation"], name="one_undo_per_relation")]

    def __str__(self) -> str:
        return f"{self.relation} of merge {self.merge_id}"


class StudentAlias(models.Model):
    """A sourcedId of a student who was merged: rosters that still have it speak of the one who stayed."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="aliases")
    merge = models.ForeignKey(StudentMerge, on_delete=models.CASCADE, related_name="aliases")
    sourced_id = models.CharField(max_length=255)

    class Meta:
        verbose_name_plural = "student aliases"
        constraints: ClassVar = [one_per_sourced_id("alias_sourced_id")]

    def __str__(self) -> str:
        return f"another key of student {self.student_id}"
