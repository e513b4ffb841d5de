"""Whose time to return has passed: the resets' windows, each but for the schools whose reset was undone.

Layers above may keep somebody (a legal hold): their rule is postponed, so they are never taken for a stranger.
"""

from collections.abc import Callable

from psycopg import sql

from rostering.intake.context import Intake
from rostering.models import ReturnWindow
from rostering.oneroster.words import compose
from tenants.schema import current_schema

Kept = Callable[[str], sql.Composable | None]
"""By a district's schema, SQL for "student `s` is kept"; None where nobody is."""
_kept: list[Kept] = []


def register_kept(kept: Kept) -> None:
    """Add a condition under which a student still returns after the window has closed."""
    if kept not in _kept:
        _kept.append(kept)


def expired(intake: Intake) -> sql.Composable:
    """SQL for: student `s` can return no more, because a window for their last school year and school has closed.

    A bundle of that school year itself still speaks of them: only a later year's can be a return.
    """
    closed = ReturnWindow.objects.filter(until__lt=intake.as_of, school_year__lt=intake.school_year)
    windows = {(year, tuple(sorted(schools))) for year, schools in closed.values_list("school_year", "except_schools")}
    if not windows:
        return compose("false")
    over = sql.SQL(" OR ").join(_over(year, schools) for year, schools in sorted(windows))
    kept = [found for each in _kept if (found := each(current_schema())) is not None]
    return compose("(({over}){kept})", over=over, kept=sql.SQL("").join(compose(" AND NOT ({k})", k=k) for k in kept))


def _over(year: int, schools: tuple[int, ...]) -> sql.Composed:
    """NULL counts as no: a row without a student is nobody who could return too late."""
    if not schools:
        return compose("coalesce(s.school_year <= {year}, false)", year=sql.Literal(year))
    return compose(
        "coalesce(s.school_year <= {year} AND coalesce(s.school_id <> ALL({schools}::bigint[]), true), false)",
        year=sql.Literal(year),
        schools=sql.Literal(list(schools)),
    )
