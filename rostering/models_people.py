"""People. What identifies somebody sits in a narrow table of its own, so that destroying it is deleting one row."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from rostering.models_school import School, Stamped, one_per_sourced_id


class PersonStatus(models.TextChoices):
    """Whether somebody is on the roster now."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ANONYMIZED = "anonymized"
    MERGED = "merged"
    """A student who was on the roster twice: their data is the other's now (StudentMerge)."""


class Student(Stamped):
    """A student by surrogate key. Nothing here says who it is."""

    id = models.BigAutoField(primary_key=True)
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="students", db_index=False)
    grade = models.CharField(max_length=2, blank=True, help_text="PK, TK, KG, 01 to 12, or UG; blank when unknown.")
    status = models.CharField(max_length=10, choices=PersonStatus.choices, default=PersonStatus.ACTIVE)
    school_year = models.PositiveSmallIntegerField(help_text="Last school year in which they were rostered.")
    rostered_on = models.DateField(help_text="The day of the import that first brought them in that school year.")
    left_on = models.DateField(null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, help_text="Set when the birth date is destroyed.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["school", "grade"], name="student_by_school_grade")]

    def __str__(self) -> str:
        return f"student {self.pk}"


class StudentIdentity(Stamped):
    """Who a student is. Deleted when the student is anonymized."""

    student = models.OneToOneField(Student, primary_key=True, on_delete=models.CASCADE, related_name="identity")
    sourced_id = models.CharField(max_length=255)
    student_number = models.CharField("Student ID", max_length=255, blank=True)
    state_id = models.CharField("state ID", max_length=255, blank=True)
    given_name = models.CharField(max_length=255)
    middle_name = models.CharField(max_length=255, blank=True)
    family_name = models.CharField(max_length=255)
    preferred_name = models.CharField(max_length=255, blank=True)
    username = models.CharField("user name", max_length=255, blank=True)
    email = models.CharField("e-mail", max_length=255, blank=True)
    birth_date = models.DateField(null=True)
    source_hash = models.UUIDField(null=True, help_text="Of the roster row that was last applied.")

    class Meta:
        verbose_name_plural = "student identities"
        constraints: ClassVar = [one_per_sourced_id("student_sourced_id")]
        indexes: ClassVar = [
            models.Index(fields=["student_number"], name="student_by_number"),
            # Plain columns only: of an expression ANALYZE would sample values, and names would outlive their rows.
            models.Index(fields=["family_name", "given_name", "student"], name="student_by_name"),
            GinIndex(
                fields=["family_name", "given_name", "preferred_name"],
                name="student_name_search",
                opclasses=["gin_trgm_ops"] * 3,
                fastupdate=False,  # a list of pending names would be read by every search, or end the index's use
            ),
        ]

    def __str__(self) -> str:
        return f"identity of student {self.pk}"


class StudentDemographics(Stamped):
    """What statistics need of a student and a name does not."""

    student = models.OneToOneField(Student, primary_key=True, on_delete=models.CASCADE, related_name="demographics")
    sex = models.CharField(max_length=11, blank=True)
    race = models.CharField(max_length=60, blank=True, help_text="Race flags of OneRoster, comma-joined.")
    hispanic_or_latino = models.BooleanField(null=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "student demographics"

    def __str__(self) -> str:
        return f"demographics of student {self.pk}"


class StudentYear(models.Model):
    """Where and in which grade a student ended a school year: kept when the first roster of a newer year comes."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="years")
    school_year = models.PositiveSmallIntegerField()
    school_id = models.BigIntegerField(null=True)
    grade = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["student", "school_year"], name="one_grade_per_student_and_year")
        ]

    def __str__(self) -> str:
        return f"student {self.student_id} in {self.school_year}"


class Educator(Stamped):
    """A teacher, principal or other member of staff by surrogate key."""

    id = models.BigAutoField(primary_key=True)
    status = models.CharField(max_length=10, choices=PersonStatus.choices, default=PersonStatus.ACTIVE)
    left_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"educator {self.pk}"


class EducatorIdentity(Stamped):
    """Who an educator is."""

    educator = models.OneToOneField(Educator, primary_key=True, on_delete=models.CASCADE, related_name="identity")
    sourced_id = models.CharField(max_length=255)
    staff_number = models.CharField(max_length=255, blank=True)
    given_name = models.CharField(max_length=255)
    middle_name = models.CharField(max_length=255, blank=True)
    family_name = models.CharField(max_length=255)
    username = models.CharField("user name", max_length=255, blank=True)
    email = models.CharField("e-mail", max_length=255, blank=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "educator identities"
        indexes: ClassVar = [
            models.Index(fields=["family_name", "given_name", "educator"], name="educator_by_name"),
            models.Index(fields=["sourced_id"], name="educator_by_sourced_id"),
        ]

    def __str__(self) -> str:
        return f"identity of educator {self.pk}"


class EducatorRole(Stamped):
    """An educator's role at a school."""

    sourced_id = models.CharField(max_length=511, help_text="The role's, or user/school in OneRoster 1.1.")
    educator = models.ForeignKey(Educator, on_delete=models.CASCADE, related_name="roles")
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=60)
    is_primary = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [one_per_sourced_id("educator_role_sourced_id")]

    def __str__(self) -> str:
        return self.role


class Guardian(Stamped):
    """A parent, guardian or relative by surrogate key."""

    id = models.BigAutoField(primary_key=True)
    status = models.CharField(max_length=10, choices=PersonStatus.choices, default=PersonStatus.ACTIVE)

    def __str__(self) -> str:
        return f"guardian {self.pk}"


class GuardianIdentity(Stamped):
    """Who a guardian is. Deleted with the identity of the last student that they belong to."""

    guardian = models.OneToOneField(Guardian, primary_key=True, on_delete=models.CASCADE, related_name="identity")
    sourced_id = models.CharField(max_length=255)
    given_name = models.CharField(max_length=255)
    family_name = models.CharField(max_length=255)
    email = models.CharField("e-mail", max_length=255, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "guardian identities"
        constraints: ClassVar = [one_per_sourced_id("guardian_sourced_id")]

    def __str__(self) -> str:
        return f"identity of guardian {self.pk}"


class StudentGuardian(Stamped):
    """Which guardian belongs to which student."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="guardian_links")
    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="student_links")
    relation = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["student", "guardian"], name="one_guardian_link")]

    def __str__(self) -> str:
        return f"student {self.student_id} - guardian {self.guardian_id}"
