"""What Hero keeps: behavior tracking and points, and the settings of each school."""

from typing import ClassVar

from django.db import models

from products.facts import Fact
from products.fields import held_to
from products.hero.products import ALL
from rostering.models import Educator, Guardian, School, Student


class TrackingEventFact(Fact):
    """A behavior that was tracked, with what followed."""

    code = models.CharField(max_length=40)
    action = models.CharField(max_length=40, blank=True)
    recorded_by_id = models.BigIntegerField(null=True, help_text="The educator.")
    note = models.CharField(max_length=255, blank=True)

    class Meta(Fact.Meta):
        abstract = True
        constraints: ClassVar = [held_to(ALL, "%(class)s_product")]


class TrackingEvent(TrackingEventFact):
    """Tracking of the years that are live."""


class TrackingEventArchive(TrackingEventFact):
    """Tracking of the years that were archived."""


class PointsFact(Fact):
    """Hero points that were earned or spent."""

    points = models.SmallIntegerField()
    reason = models.CharField(max_length=40)

    class Meta(Fact.Meta):
        abstract = True
        constraints: ClassVar = [held_to(ALL, "%(class)s_product")]


class Points(PointsFact):
    """Points of the years that are live."""


class PointsArchive(PointsFact):
    """Points of the years that were archived."""


class PointsBalance(models.Model):
    """A student's balance: narrow and unindexed but for the student, because the archive sets it to zero."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", db_index=False)
    balance = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"balance of student {self.student_id}"


class BehaviorCode(models.Model):
    """A behavior that a school tracks."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    points = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class ActionSetting(models.Model):
    """What follows a number of behaviors at a school."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    threshold = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.action


class HeroUser(models.Model):
    """An employee on a school's user list."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    educator = models.ForeignKey(Educator, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"educator {self.educator_id} at school {self.school_id}"


class NotificationTemplate(models.Model):
    """An e-mail that Hero sends for a school."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    is_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class PortalSetting(models.Model):
    """A school's switches. E-mails that are off here are not sent, and each template stays as it is."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    sends_emails = models.BooleanField(default=True)
    students_see_schedules = models.BooleanField(default=True)
    parents_see_schedules = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["school"], name="hero_one_setting_per_school")]

    def __str__(self) -> str:
        return f"switches of school {self.school_id}"


class SettingChange(models.Model):
    """One change of a school's settings: who, when, what, from, to. Never edited."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    setting = models.CharField(max_length=80, help_text="What was changed, in words.")
    before = models.CharField(max_length=200, blank=True, help_text="Empty: it was not there.")
    after = models.CharField(max_length=200, blank=True, help_text="Empty: it was removed.")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    confirmed = models.BooleanField(default=False, help_text="Made before the archive, after the warning.")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.setting} at school {self.school_id}"


class StudentCredential(models.Model):
    """A student's own log-in to Hero."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    username = models.CharField(max_length=150)
    password_hash = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"log-in of student {self.student_id}"


class ParentCredential(models.Model):
    """A parent's own log-in to Hero."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="+")
    username = models.CharField(max_length=150)
    password_hash = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"log-in of guardian {self.guardian_id}"


class SchoolSubscription(models.Model):
    """A school's subscription. Whether it is active at the archive decides between archiving and deletion."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="Last day; empty while it is open-ended.")

    def __str__(self) -> str:
        return f"subscription of school {self.school_id}"
