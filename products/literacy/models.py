"""What the literacy products keep. Accounts and groups belong to a product, not to the district's roster."""

from typing import ClassVar

from django.db import models

from products.facts import Fact, YearRecord
from products.fields import held_to
from products.literacy.products import ALL, LANGUAGE_AND_ESPANOL, LANGUAGE_ONLY
from rostering.models import Educator, School, Student


class StudentAccount(models.Model):
    """A student's account in one product."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    product = models.CharField(max_length=20)
    created_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["student", "product"], name="literacy_one_account"),
            held_to(ALL, "literacy_account_product"),
        ]

    def __str__(self) -> str:
        return f"{self.product} account of student {self.student_id}"


class Reward(models.Model):
    """Booster Bits and the Imagine Museum level: narrow and unindexed, because resets set them to zero."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+", db_index=True)
    product = models.CharField(max_length=20)
    booster_bits = models.PositiveIntegerField(default=0)
    museum_level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [held_to(LANGUAGE_AND_ESPANOL, "literacy_reward_product")]

    def __str__(self) -> str:
        return f"rewards of student {self.student_id}"


class Avatar(models.Model):
    """A student's avatar."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    product = models.CharField(max_length=20)
    appearance = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [held_to(LANGUAGE_AND_ESPANOL, "literacy_avatar_product")]

    def __str__(self) -> str:
        return f"avatar of student {self.student_id}"


class AvatarAccessory(models.Model):
    """Something that an avatar wears."""

    avatar = models.ForeignKey(Avatar, on_delete=models.CASCADE, related_name="accessories")
    item = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.item


class Window(models.TextChoices):
    """When in the year a Benchmark is taken."""

    BOY = "BOY", "Beginning of year"
    MOY = "MOY", "Middle of year"
    EOY = "EOY", "End of year"


class BenchmarkFact(Fact):
    """A Benchmark result."""

    window = models.CharField(max_length=3, choices=Window.choices)
    score = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20)

    class Meta(Fact.Meta):
        abstract = True
        constraints: ClassVar = [held_to(LANGUAGE_ONLY, "%(class)s_product")]


class Benchmark(BenchmarkFact):
    """Benchmark results of the years that are live."""


class BenchmarkArchive(BenchmarkFact):
    """Benchmark results of the years that were reset."""


class Placement(Fact):
    """A Placement test score, retained year over year."""

    score = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20)

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to(LANGUAGE_ONLY, "%(class)s_product")]


class BoyAssessment(models.Model):
    """Which assessment a student takes at the beginning of a school year, and why."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    school_year = models.PositiveSmallIntegerField()
    assessment = models.CharField(
        max_length=9, choices=[("benchmark", "BOY Benchmark"), ("placement", "Placement test")]
    )
    decided_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["student", "school_year"], name="literacy_one_boy_assessment")
        ]

    def __str__(self) -> str:
        return f"{self.assessment} for student {self.student_id} in {self.school_year}"


class ProgressFact(Fact):
    """A lesson worked on: student progress data."""

    lesson = models.CharField(max_length=20)
    passed = models.BooleanField()
    attempts = models.PositiveSmallIntegerField()

    class Meta(Fact.Meta):
        abstract = True
        constraints: ClassVar = [held_to(ALL, "%(class)s_product")]


class Progress(ProgressFact):
    """Student progress, retained as far back as 2019."""


class UsageFact(Fact):
    """Time spent in a product in one week."""

    minutes = models.PositiveSmallIntegerField()
    sessions = models.PositiveSmallIntegerField()

    class Meta(Fact.Meta):
        abstract = True
        constraints: ClassVar = [held_to(ALL, "%(class)s_product")]


class Usage(UsageFact):
    """Usage of the years that are live."""


class UsageArchive(UsageFact):
    """Usage of the years that were reset."""


class ActionArea(Fact):
    """A skill that the Action Areas Tool shows for intervention."""

    skill = models.CharField(max_length=60)
    lessons_failed = models.PositiveSmallIntegerField()

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to(LANGUAGE_ONLY, "%(class)s_product")]


class PortfolioArtifact(Fact):
    """A recording or piece of writing of a student: a title in free text, and a stored file."""

    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200, blank=True)
    file = models.CharField(max_length=255, blank=True)

    class Meta(Fact.Meta):
        constraints: ClassVar = [held_to(LANGUAGE_AND_ESPANOL, "%(class)s_product")]


class Playlist(models.Model):
    """Activities that an educator has put together."""

    product = models.CharField(max_length=20)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    educator = models.ForeignKey(Educator, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [held_to(LANGUAGE_ONLY, "literacy_playlist_product")]

    def __str__(self) -> str:
        return self.title


class PlaylistActivity(models.Model):
    """An activity of a playlist."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="activities")
    position = models.PositiveSmallIntegerField()
    activity = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.activity


class PlaylistAssignment(models.Model):
    """A student who is assigned to a playlist."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="assignments")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    assigned_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playlist", "student"], name="literacy_one_playlist_assignment")
        ]

    def __str__(self) -> str:
        return f"student {self.student_id} on playlist {self.playlist_id}"


class GroupRecord(YearRecord):
    """A group that an educator made for one school year."""

    educator_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=120)

    class Meta(YearRecord.Meta):
        abstract = True
        constraints: ClassVar = [held_to(ALL, "%(class)s_product")]


class Group(GroupRecord):
    """Groups of the years that are live."""


class GroupArchive(GroupRecord):
    """Groups of the years that were reset."""


class GroupMemberFact(Fact):
    """A student who joined a group."""

    group_id = models.UUIDField()

    class Meta(Fact.Meta):
        abstract = True
        constraints: ClassVar = [held_to(ALL, "%(class)s_product")]


class GroupMember(GroupMemberFact):
    """Group members of the years that are live."""


class GroupMemberArchive(GroupMemberFact):
    """Group members of the years that were reset."""


class EducatorAccount(models.Model):
    """An educator's account in one product."""

    educator = models.ForeignKey(Educator, on_delete=models.CASCADE, related_name="+")
    product = models.CharField(max_length=20)
    created_on = models.DateField()
    last_sign_in_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["educator", "product"], name="literacy_one_educator_account"),
            held_to(ALL, "literacy_educator_account_product"),
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
            models.UniqueConstraint(fields=["school", "product"], name="literacy_one_organization"),
            held_to(ALL, "literacy_organization_product"),
        ]

    def __str__(self) -> str:
        return f"school {self.school_id} on {self.product}"
