"""The school year that a bundle rosters for: from its own sessions, else from the roster's."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from rostering.intake.context import Intake
from rostering.models import AcademicSession
from rostering.oneroster.words import compose
from tenants.models import District

SESSIONS = "SELECT {kind}, {starts}, {ends}, {year} FROM {t} AS s WHERE NOT {leaving}"


@dataclass(frozen=True)
class Span:
    """A school year and its days."""

    school_year: int
    starts_on: dt.date
    ends_on: dt.date


def bundle_school_year(intake: Intake) -> int:
    """The school year of the staged sessions, or of the roster's where the bundle does not have them all."""
    rows = []
    if intake.has("academicSessions"):
        query = compose(
            SESSIONS,
            kind=intake.value("academicSessions", "type"),
            starts=intake.value("academicSessions", "startDate"),
            ends=intake.value("academicSessions", "endDate"),
            year=intake.value("academicSessions", "schoolYear"),
            t=intake.files["academicSessions"].table,
            leaving=intake.leaving("academicSessions"),
        )
        with connection.cursor() as cursor:
            cursor.execute(query)
            rows = cursor.fetchall()
    if not intake.is_whole("academicSessions"):
        rows += stored_sessions()
    return chosen_year(rows, intake.district, intake.as_of)


def stored_sessions() -> list[tuple[str, dt.date, dt.date, int]]:
    """The roster's sessions: kind, first day, last day, school year."""
    sessions = AcademicSession.objects.filter(is_active=True)
    return list(sessions.values_list("kind", "starts_on", "ends_on", "school_year"))


def chosen_year(rows: list[tuple[str, dt.date, dt.date, int]], district: District, as_of: dt.date) -> int:
    """The school year that is under way, else the next one, else the last; without sessions the district's own.

    Before the district's first day of new rostering, a feed that also has next year's sessions speaks of this year.
    """
    whole = [row for row in rows if row[0] == "schoolYear"] or rows
    if not whole:
        return district.school_year
    spans = {
        year: Span(year, min(r[1] for r in whole if r[3] == year), max(r[2] for r in whole if r[3] == year))
        for year in {row[3] for row in whole}
    }
    if as_of < district.rostering_starts_on:
        early = {year: span for year, span in spans.items() if year <= district.school_year}
        spans = early or spans
    current = [year for year, span in spans.items() if span.starts_on <= as_of <= span.ends_on]
    coming = [year for year, span in spans.items() if span.starts_on > as_of]
    return max(current) if current else min(coming) if coming else max(spans)
