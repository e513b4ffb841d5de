"""Who reads a report: what they may see, and whether names and small numbers are theirs to read."""

from dataclasses import dataclass

from accounts.models import Role, User
from reports.people.sight import Sight, sight_of
from rostering.models import School


@dataclass(frozen=True)
class Reader:
    """A reader.

    Attributes:
        is_outsider: not of the district's own staff: no names, small cells suppressed, whatever is asked for.
        may_publish: may make the report for readers outside: the admins of a district or a school.
        audience: for whom a report of theirs is, as its heading says it: the district, a school's name, own classes.
    """

    sight: Sight
    is_outsider: bool
    may_publish: bool
    audience: str


def reader_of(user: User) -> Reader:
    """The reader that a person is."""
    sight = sight_of(user)
    admins = (Role.DISTRICT_ADMIN, Role.SCHOOL_ADMIN)
    return Reader(sight, user.role == Role.SUPPORT, user.role in admins, _audience(sight))


def _audience(sight: Sight) -> str:
    if sight.educator_id is not None:
        return "Own classes"
    if sight.school_id is None:
        return "District"
    names = School.objects.filter(pk=sight.school_id).values_list("name", flat=True)
    return names.first() or "School"
