"""What Renaissance keeps: assessments, quizzes and mastery of all years."""

from typing import ClassVar

from django.db import models

from products.facts import Fact
from products.fields import held_to
from products.renaissance.products import ACCELERATED_READER, MASTERY, STAR, STAR_CBM


class Language(models.TextChoices):
    """The language in which an assessment was taken."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"


class StarAssessment(Fact):
    """A Star Reading, Star Math or Star Early Literacy result, with its benchmark category."""

    language = models.CharField(max_length=2, choices=Language.choices)
    scaled_score = models.PositiveSmallIntegerField()
    percentile = models.PositiveSmallIntegerField(null=True)
    benchmark_category = models.CharField(max_length=30)

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to(STAR, "%(class)s_product")]


class CbmAssessment(Fact):
    """A Star CBM result."""

    measure = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=Language.choices)
    correct_per_minute = models.PositiveSmallIntegerField()

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to((STAR_CBM,), "%(class)s_product")]


class Quiz(Fact):
    """An Accelerated Reader quiz record."""

    quiz_number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    percent_correct = models.PositiveSmallIntegerField()
    points_earned = models.DecimalField(max_digits=5, decimal_places=1)

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to((ACCELERATED_READER,), "%(class)s_product")]


class Mastery(Fact):
    """A skill and how far it is mastered."""

    skill = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(help_text="Percent.")

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to(MASTERY, "%(class)s_product")]
