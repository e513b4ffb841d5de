"""Why there is nothing to read, and what to do about it, in plain words."""

from collections.abc import Sequence

from archiving.years.models import YearState
from reports.asking.frame import Frame
from reports.asking.years import KnownYear, previous_year
from reports.yearend.words import Part, Report
from resets.policies.registry import rules_for
from resets.policies.words import Unassign
from tenants.templatetags.words import school_year

FILTERED = "Nothing was recorded that fits all of these filters. Take a filter off, or choose another school year."
LIVE = "Nothing of this has been recorded in {years} yet. It stands here as soon as students use the products."
KEPT = (
    "Nothing of this is kept of {years}: it was not recorded, or the reset deleted it as the policy says. "
    "Choose another school year."
)
DESTROYED = "The data of {years} was destroyed; nothing of it is left to report."
UNKNOWN = "Nothing of {years} is known here. Choose one of the school years above."
UNASSIGNED = (
    "The reset of {year} took the students off: “{because}.” Students stand here as soon as they are assigned again. "
    "A package of {year} that was made before the reset says who was assigned then."
)
NO_CLASSES = (
    "Your account is not connected with an educator of the roster, so that it has no classes to report on. "
    "Ask your district admin."
)


def why_empty(frame: Frame, known: Sequence[KnownYear], report: Report, part: Part) -> str:
    """Why a table of this frame has no rows.

    Args:
        known: the school years of the report's suite that the district has or had.
        part: the table.
    """
    if frame.scope.sight.educator_id == 0:
        return NO_CLASSES
    if words := _unassigned(known, report, part):
        return words
    if frame.filters:
        return FILTERED
    years = ", ".join(school_year(year) for year in sorted(frame.scope.years))
    states = {year.state for year in known if year.school_year in frame.scope.years}
    if not states:
        return UNKNOWN.format(years=years)
    if states == {YearState.DESTROYED}:
        return DESTROYED.format(years=years)
    return (LIVE if YearState.LIVE in states else KEPT).format(years=years)


def _unassigned(known: Sequence[KnownYear], report: Report, part: Part) -> str:
    """Of what a reset takes students off and keeps: that it did, in the source's words."""
    rules = [rule for rule in rules_for(report.suite, part.category) if isinstance(rule.action, Unassign)]
    year = previous_year(known)
    if not rules or year is None:
        return ""
    return UNASSIGNED.format(year=school_year(year), because=rules[0].because)
