"""In the district that gives: whom a code is for. Its key is the code's."""

import uuid
from typing import ClassVar

from django.db import models

from rostering.models import School, Student
from transfers.codes.models import Kind


class Offer(models.Model):
    """What a transfer code lets another site fetch: a whole grade of a school, or an individual student."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=2, blank=True, help_text="Of the students, when the code was made.")
    students = models.PositiveIntegerField(help_text="How many it was made for.")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["school", "-made_at", "-id"], name="offers_of_school")]

    def __str__(self) -> str:
        return f"offer {self.pk}"


class OfferedStudent(models.Model):
    """A student of an offer: chosen when the code was made, so that a new school year's grade is not fetched instead.

    Destroyed when the student is anonymized: then there is nobody left to be fetched.
    """

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="offered")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["offer", "student"], name="one_offer_per_student")]

    def __str__(self) -> str:
        return f"student {self.student_id} of offer {self.offer_id}"
