"""Keeping a school year's state, in the transaction of what changes it. The database refuses any other step."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db.models import Q
from django_tenants.utils import schema_context

from archiving.years.models import ArchivedYear, YearState
from resets.engine.counting import Tallies
from resets.models import ResetRun
from tenants.models import District


def note_reset(run: ResetRun, lines: Tallies, at: dt.datetime) -> None:
    """Record what a reset put into the archive; a year of which everything was deleted is destroyed.

    A second reset, after single schools were restored, adds to what is there.
    """
    with schema_context("public"):
        key = {"district_id": run.district_id, "suite": run.suite, "school_year": run.school_year}
        year = ArchivedYear.objects.filter(**key).first() or ArchivedYear(**key)
        if year.state == YearState.RESTORED:
            year.counts, year.schools = {}, {}
        _add(year, lines)
        is_destroyed = not year.counts and any(tally.deleted for tally in lines.values())
        year.state = YearState.DESTROYED if is_destroyed else YearState.ARCHIVED
        year.since, year.run, year.restored_schools = at, run, []
        year.save()


def note_restore(run: ResetRun, schools: Iterable[int] | None, lines: Tallies, at: dt.datetime) -> None:
    """Record that what a reset archived is live again: of some schools, or of all (None)."""
    with schema_context("public"):
        year = ArchivedYear.objects.get(district_id=run.district_id, suite=run.suite, school_year=run.school_year)
        _add(year, lines, -1)
        if schools is None:
            year.state, year.restored_schools = YearState.RESTORED, []
        else:
            year.restored_schools = sorted({*year.restored_schools, *schools})
        year.since = at
        year.save()


def note_anonymization(district: District, suite: str, school_year: int, at: dt.datetime) -> None:
    """Record that whoever had not come back is anonymized in this year and those before."""
    archived = ArchivedYear.objects.filter(district=district, suite=suite, state=YearState.ARCHIVED)
    with schema_context("public"):
        archived.filter(school_year__lte=school_year).update(state=YearState.ANONYMIZED, since=at)


def note_destruction(district: District, at: dt.datetime, which: Q | None = None) -> None:
    """Record that a district's years, or some of them, are gone for good."""
    with schema_context("public"):
        years = ArchivedYear.objects.filter(which or Q(), district=district).exclude(state=YearState.DESTROYED)
        years.update(state=YearState.DESTROYED, since=at, counts={}, schools={})


def _add(year: ArchivedYear, lines: Tallies, sign: int = 1) -> None:
    """Add the archived rows of a run's or a restore's lines to the counts, or take them off."""
    counts, schools = Counter(year.counts), Counter(year.schools)
    for key, tally in lines.items():
        counts[key.category] += sign * tally.archived
        schools[str(key.school_id or 0)] += sign * tally.archived
    year.counts, year.schools = ({name: rows for name, rows in found.items() if rows} for found in (counts, schools))
