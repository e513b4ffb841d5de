"""Why there is nothing to read, and what to do about it, in plain words."""

from archiving.years.models import YearState
from reports.asking.frame import Frame
from reports.asking.years import KnownYear
from tenants.templatetags.words import school_year

FILTERED = "Nothing was recorded that fits all of these filters. Take a filter off, or choose another school year."
LIVE = "Nothing of this has been recorded in {years} yet. It stands here as soon as students use the products."
KEPT = (
    "Nothing of this is kept of {years}: it was not recorded, or the reset deleted it as the policy says. "
    "Choose another school year."
)
DESTROYED = "The data of {years} was destroyed; nothing of it is left to report."
UNKNOWN = "Nothing of {years} is known here. Choose one of the school years above."
NO_CLASSES = (
    "Your account is not connected with an educator of the roster, so that it has no classes to report on. "
    "Ask your district admin."
)


def why_empty(frame: Frame, known: list[KnownYear]) -> str:
    """Why a table of this frame has no rows.

    Args:
        known: the school years that are read, as far as the district has them.
    """
    if frame.scope.sight.educator_id == 0:
        return NO_CLASSES
    if frame.filters:
        return FILTERED
    years = ", ".join(school_year(year) for year in sorted(frame.scope.years))
    states = {year.state for year in known}
    if not states:
        return UNKNOWN.format(years=years)
    if states == {YearState.DESTROYED}:
        return DESTROYED.format(years=years)
    return (LIVE if YearState.LIVE in states else KEPT).format(years=years)
