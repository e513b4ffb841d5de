"""The sections that a report can be of: today's, and those of years that have ended, as they were at their end."""

from django.db.models import Max, Q, QuerySet

from reports.people.sight import Sight
from rostering.models import Section


def sections_of_years(sight: Sight, years: tuple[int, ...]) -> QuerySet[Section]:
    """The sections of some school years within a reader's sight.

    A section of the roster's newest year counts while it is active and, for an educator, while they teach it. One of an
    earlier year was ended by the next year's roster: it counts for whoever taught it.
    """
    newest = Section.objects.filter(is_active=True).aggregate(newest=Max("school_year"))["newest"] or 0
    ended = Q(school_year__lt=newest)
    found = Section.objects.filter(school_year__in=years)
    if sight.school_id is not None:
        found = found.filter(school_id=sight.school_id)
    if sight.educator_id is not None:
        taught = Q(assignments__educator_id=sight.educator_id)
        return found.filter(taught & (ended | Q(is_active=True, assignments__is_active=True))).distinct()
    return found.filter(ended | Q(is_active=True))
