"""The staged packet: students and records of the other site before they are imported. Destroyed with the import's end.

What stands here is personal, lives in the receiving district's schema only, and expires with the code.
"""

from typing import ClassVar

from django.db import models

from rostering.models import Student
from transfers.imports.models_imports import Import


class Band(models.TextChoices):
    """What the analysis says of an incoming student."""

    MATCHED = "matched", "Matched"
    REVIEW = "review", "Needs review"
    """The match is uncertain, or there is none but the site has students who may possibly be one: flagged."""
    NEW = "new", "New Student"


class Decision(models.TextChoices):
    """What a reviewer said of an incoming student; empty until one did ("Decide Later" says nothing)."""

    MATCH = "match", "Match Student"
    NEW = "new", "Create New Student"


class IncomingStudent(models.Model):
    """A student of the other site, as they were there when the packet was read."""

    transfer = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="incoming")
    source_key = models.BigIntegerField(help_text="The student's surrogate key on the source site.")
    given_name = models.CharField(max_length=255)
    middle_name = models.CharField(max_length=255, blank=True)
    family_name = models.CharField(max_length=255)
    preferred_name = models.CharField(max_length=255, blank=True)
    student_number = models.CharField("Student ID", max_length=255, blank=True)
    state_id = models.CharField("state ID", max_length=255, blank=True)
    username = models.CharField("user name", max_length=255, blank=True)
    email = models.CharField("e-mail", max_length=255, blank=True)
    birth_date = models.DateField(null=True)
    grade = models.CharField(max_length=2, blank=True)
    sex = models.CharField(max_length=11, blank=True)
    race = models.CharField(max_length=60, blank=True)
    hispanic_or_latino = models.BooleanField(null=True)
    guardians = models.JSONField(default=list, help_text="[{given_name, family_name, email, phone, relation}]")
    band = models.CharField(max_length=8, choices=Band.choices, blank=True, help_text="Empty until analyzed.")
    match_key = models.BigIntegerField(
        null=True, help_text="The student on this site whom they will be imported as; none for a new student."
    )
    """No foreign key: the other student may be anonymized or merged meanwhile, and the import looks again."""
    decision = models.CharField(max_length=5, choices=Decision.choices, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="Counts decisions, so that none overwrites another.")
    rows = models.PositiveIntegerField(default=0, help_text="Records staged.")

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "source_key"], name="incoming_once"),
            models.UniqueConstraint(fields=["transfer", "match_key"], name="never_two_onto_one_record"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["transfer", "family_name", "given_name", "id"], name="incoming_by_name"),
        ]

    def __str__(self) -> str:
        return f"incoming student {self.pk}"

    @property
    def is_flagged(self) -> bool:
        """Whether they are especially in need of review, and nobody has reviewed them yet."""
        return self.band == Band.REVIEW and not self.decision


class MatchCandidate(models.Model):
    """A student of this site who may be an incoming one, and the evidence. Destroyed with either."""

    incoming = models.ForeignKey(IncomingStudent, on_delete=models.CASCADE, related_name="candidates")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    evidence = models.JSONField(help_text="[{field, verdict, words}], in the order in which they are shown.")

    class Meta:
        ordering: ClassVar = ["-probability", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["incoming", "student"], name="one_candidate_per_pair")]

    def __str__(self) -> str:
        return f"student {self.student_id} for incoming student {self.incoming_id}"


class StagedRow(models.Model):
    """A record of an incoming student: one row of a fact table of the source, as it was."""

    incoming = models.ForeignKey(IncomingStudent, on_delete=models.CASCADE, related_name="staged")
    relation = models.CharField(max_length=63, help_text="The fact table, which both sites have.")
    school_year = models.PositiveSmallIntegerField()
    row_id = models.UUIDField(help_text="The product's own event id.")
    row = models.JSONField(help_text="The columns by name, without school and student.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incoming", "relation", "school_year", "row_id"], name="staged_once")
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_id}"
