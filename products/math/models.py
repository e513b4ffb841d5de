"""What the math products keep. No student data outlives its year, so facts have no archive twins."""

from typing import ClassVar

from django.db import models

from products.facts import Fact, indexes_of
from products.fields import held_to
from products.math.products import ALL
from rostering.models import Educator, School, Student


class StudentAccount(models.Model):
    """A student's account in one math product. Deleting it leaves the district's student alone."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    product = models.CharField(max_length=20)
    created_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["student", "product"], name="math_one_account"),
            held_to(ALL, "math_account_product"),
        ]

    def __str__(self) -> str:
        return f"{self.product} account of student {self.student_id}"


class Assessment(Fact):
    """A benchmark or quiz result."""

    kind = models.CharField(max_length=20)
    score = models.PositiveSmallIntegerField()
    quantile = models.SmallIntegerField(null=True)

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to(ALL, "math_%(class)s_product")]
        indexes: ClassVar = indexes_of("math_%(class)s")


class Progress(Fact):
    """A lesson worked on."""

    lesson = models.CharField(max_length=20)
    passed = models.BooleanField()
    attempts = models.PositiveSmallIntegerField()

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to(ALL, "math_%(class)s_product")]
        indexes: ClassVar = indexes_of("math_%(class)s")


class Pathway(Fact):
    """A step of a student's pathway."""

    pathway = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    completed = models.BooleanField()

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to(ALL, "math_%(class)s_product")]
        indexes: ClassVar = indexes_of("math_%(class)s")


class Usage(Fact):
    """Time spent in a product in one week."""

    minutes = models.PositiveSmallIntegerField()
    sessions = models.PositiveSmallIntegerField()

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to(ALL, "math_%(class)s_product")]
        indexes: ClassVar = indexes_of("math_%(class)s")


class Classroom(models.Model):
    """A classroom of one school year. It belongs to the product, not to the district's roster."""

    product = models.CharField(max_length=20)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    educator = models.ForeignKey(Educator, null=True, on_delete=models.SET_NULL, related_name="+")
    school_year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [held_to(ALL, "math_classroom_product")]

    def __str__(self) -> str:
        return self.name


class ClassroomStudent(models.Model):
    """A student in a classroom."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="members")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["classroom", "student"], name="math_one_seat")]

    def __str__(self) -> str:
        return f"student {self.student_id} in classroom {self.classroom_id}"


class EducatorAccount(models.Model):
    """An educator's account in one product."""

    educator = models.ForeignKey(Educator, on_delete=models.CASCADE, related_name="+")
    product = models.CharField(max_length=20)
    created_on = models.DateField()
    last_sign_in_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["educator", "product"], name="math_one_educator_account"),
            held_to(ALL, "math_educator_account_product"),
        ]

    def __str__(self) -> str:
        return f"{self.product} account of educator {self.educator_id}"


class Organization(models.Model):
    """A school that uses a product."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=20)
    since = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "product"], name="math_one_organization"),
            held_to(ALL, "math_organization_product"),
        ]

    def __str__(self) -> str:
        return f"school {self.school_id} on {self.product}"
