"""Schools, sessions, courses, sections, and who is enrolled in what."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Stamped(models.Model):
    """A record that knows when it last changed, OneRoster's dateLastModified: a trigger writes it (see stamps)."""

    modified_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


def one_per_sourced_id(name: str) -> models.UniqueConstraint:
    """The key by which a roster row finds its record. (`unique=True` would add a second index that nothing reads.)"""
    return models.UniqueConstraint(fields=["sourced_id"], name=name)


class ParentOrg(Stamped):
    """An org that is not a school: a district, state, department."""

    sourced_id = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40)
    parent_sourced_id = models.CharField(max_length=255, blank=True)
    identifier = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [one_per_sourced_id("parent_org_sourced_id")]

    def __str__(self) -> str:
        return self.name


class School(Stamped):
    """A school of the district."""

    id = models.BigAutoField(primary_key=True)
    sourced_id = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    number = models.CharField(max_length=255, blank=True, help_text="OneRoster's identifier, often the NCES id.")
    parent_sourced_id = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [one_per_sourced_id("school_sourced_id")]

    def __str__(self) -> str:
        return self.name


class AcademicSession(Stamped):
    """A school year, semester, term or grading period."""

    sourced_id = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()
    school_year = models.PositiveSmallIntegerField(help_text="The year in which it ends.")
    parent_sourced_id = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [one_per_sourced_id("session_sourced_id")]

    def __str__(self) -> str:
        return self.title


class Course(Stamped):
    """A course, of which sections are taught."""

    id = models.BigAutoField(primary_key=True)
    sourced_id = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    code = models.CharField(max_length=255, blank=True)
    grades = models.CharField(max_length=255, blank=True)
    subjects = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [one_per_sourced_id("course_sourced_id")]

    def __str__(self) -> str:
        return self.title


class Section(Stamped):
    """A class: a course taught at a school in a school year."""

    id = models.BigAutoField(primary_key=True)
    sourced_id = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    code = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=20)
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="sections")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="sections")
    school_year = models.PositiveSmallIntegerField()
    term_sourced_ids = models.TextField(blank=True, help_text="Comma-joined.")
    grades = models.CharField(max_length=255, blank=True)
    periods = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [one_per_sourced_id("section_sourced_id")]

    def __str__(self) -> str:
        return self.title


class Enrollment(Stamped):
    """A student in a section, for a school year. `ends_on` is exclusive (OneRoster CSV binding, enrollments)."""

    id = models.BigAutoField(primary_key=True)
    sourced_id = models.CharField(max_length=255)
    student = models.ForeignKey("rostering.Student", on_delete=models.CASCADE, related_name="enrollments")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="enrollments")
    school = models.ForeignKey(School, on_delete=models.PROTECT, db_index=False)  # read through their section
    school_year = models.PositiveSmallIntegerField()
    is_primary = models.BooleanField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [one_per_sourced_id("enrollment_sourced_id")]

    def __str__(self) -> str:
        return f"student {self.student_id} in section {self.section_id}"


class TeachingAssignment(Stamped):
    """An educator in a section: an enrollment with a role other than student."""

    id = models.BigAutoField(primary_key=True)
    sourced_id = models.CharField(max_length=255)
    educator = models.ForeignKey("rostering.Educator", on_delete=models.CASCADE, related_name="assignments")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="assignments")
    school = models.ForeignKey(School, on_delete=models.PROTECT, db_index=False)  # read through their section
    school_year = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    is_primary = models.BooleanField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
    source_hash = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [one_per_sourced_id("assignment_sourced_id")]

    def __str__(self) -> str:
        return f"educator {self.educator_id} in section {self.section_id}"
