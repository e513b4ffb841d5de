"""What the rostering service has: every list and what narrows it. Sourced ids may have slashes: longer ones first."""

from dataclasses import dataclass
from typing import Final

from api.oneroster.resource import Resource
from api.oneroster.resources.classes import CLASSES
from api.oneroster.resources.courses import COURSES
from api.oneroster.resources.demographics import DEMOGRAPHICS
from api.oneroster.resources.enrollments import ENROLLMENTS
from api.oneroster.resources.orgs import ORGS, SCHOOLS
from api.oneroster.resources.sessions import GRADING_PERIODS, SESSIONS, TERMS
from api.oneroster.resources.users import STUDENTS_ONLY, TEACHERS, USERS


@dataclass(frozen=True)
class Parent:
    """A record in a list's address that narrows the list.

    Attributes:
        argument: its name in the address.
        resource: what it is one of.
        by: the name of what it narrows, in the list's resource.
    """

    argument: str
    resource: Resource
    by: str


AT_SCHOOL: Final = Parent("school", SCHOOLS, "school")
IN_CLASS: Final = Parent("klass", CLASSES, "class")
NESTED: Final[tuple[tuple[str, Resource, tuple[Parent, ...]], ...]] = (
    ("schools/<path:school>/classes/<path:klass>/enrollments", ENROLLMENTS, (AT_SCHOOL, IN_CLASS)),
    ("schools/<path:school>/classes/<path:klass>/students", STUDENTS_ONLY, (AT_SCHOOL, IN_CLASS)),
    ("schools/<path:school>/classes/<path:klass>/teachers", TEACHERS, (AT_SCHOOL, IN_CLASS)),
    ("schools/<path:school>/classes", CLASSES, (AT_SCHOOL,)),
    ("schools/<path:school>/courses", COURSES, (AT_SCHOOL,)),
    ("schools/<path:school>/enrollments", ENROLLMENTS, (AT_SCHOOL,)),
    ("schools/<path:school>/students", STUDENTS_ONLY, (AT_SCHOOL,)),
    ("schools/<path:school>/teachers", TEACHERS, (AT_SCHOOL,)),
    ("schools/<path:school>/terms", TERMS, (AT_SCHOOL,)),
    ("classes/<path:klass>/students", STUDENTS_ONLY, (IN_CLASS,)),
    ("classes/<path:klass>/teachers", TEACHERS, (IN_CLASS,)),
    ("courses/<path:course>/classes", CLASSES, (Parent("course", COURSES, "course"),)),
    ("students/<path:student>/classes", CLASSES, (Parent("student", STUDENTS_ONLY, "student"),)),
    ("teachers/<path:teacher>/classes", CLASSES, (Parent("teacher", TEACHERS, "teacher"),)),
    ("users/<path:user>/classes", CLASSES, (Parent("user", USERS, "user"),)),
    ("terms/<path:term>/classes", CLASSES, (Parent("term", TERMS, "term"),)),
    ("terms/<path:term>/gradingPeriods", GRADING_PERIODS, (Parent("term", TERMS, "term"),)),
)
WHOLE: Final[tuple[tuple[str, Resource], ...]] = (
    ("academicSessions", SESSIONS),
    ("classes", CLASSES),
    ("courses", COURSES),
    ("demographics", DEMOGRAPHICS),
    ("enrollments", ENROLLMENTS),
    ("gradingPeriods", GRADING_PERIODS),
    ("orgs", ORGS),
    ("schools", SCHOOLS),
    ("students", STUDENTS_ONLY),
    ("teachers", TEACHERS),
    ("terms", TERMS),
    ("users", USERS),
)
