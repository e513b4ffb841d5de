"""Who a student is: enrollments, guardians, and records that were merged."""

from reports.people.sight import Sight, sections_in
from rostering.models import Enrollment, GuardianIdentity, Student, StudentGuardian, StudentMerge


def enrollments_of(student: Student, sight: Sight) -> list[Enrollment]:
    """A student's enrollments, newest year first; for an educator those in their own sections."""
    enrollments = Enrollment.objects.filter(student=student).select_related("section__school")
    if sight.educator_id is not None:
        enrollments = enrollments.filter(section__in=sections_in(sight))
    return list(enrollments.order_by("-school_year", "-is_active", "section__title", "pk"))


def guardians_of(student: Student) -> list[tuple[str, GuardianIdentity]]:
    """A student's guardians: the relation in words, and who it is."""
    links = StudentGuardian.objects.filter(student=student, guardian__status="active", guardian__identity__isnull=False)
    named = links.select_related("guardian__identity")
    ordered = named.order_by("guardian__identity__family_name", "guardian__identity__given_name", "guardian_id")
    return [(link.relation or "guardian", link.guardian.identity) for link in ordered]


def merged_into(student: Student) -> StudentMerge | None:
    """The merge by which a record has become another one's."""
    return StudentMerge.objects.filter(merged_id=student.pk, undone_at=None).first()


def merges_of(student: Student) -> list[StudentMerge]:
    """The merges by which a student's record came to be what it is, newest first; undone ones are past."""
    return list(StudentMerge.objects.filter(student=student, undone_at=None))
