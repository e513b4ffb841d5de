"""A report's tables, complete: each a sheet with one query."""

from psycopg import sql

from archiving.thresholds import PUBLISHED_CELL
from reports.yearend.compile.by_group import by_group
from reports.yearend.compile.by_student import by_student
from reports.yearend.compile.frame import frame_of
from reports.yearend.compile.listing import ListFrame, as_list
from reports.yearend.compile.outsiders import outsiders_table
from reports.yearend.compile.text import compose
from reports.yearend.compile.totals import Built
from reports.yearend.scope import Grain, Scope
from reports.yearend.sheet import Sheet
from reports.yearend.words import Part, Report, Totals
from tenants.templatetags.words import school_year

WHOLE = "SELECT {columns} FROM ({query}) AS t ORDER BY {order} LIMIT {limit}"
SUPPRESSED = f"Numbers of fewer than {PUBLISHED_CELL} students, and what would give them away, are left out."


def sheets(report: Report, scope: Scope, grain: Grain) -> tuple[Sheet, ...]:
    """All tables of a report, in its order. A part that has no such rows comes by its own: a list by student.

    For outsiders what names somebody is left out, with every list, and small cells are suppressed.
    """
    return tuple(sheet_of(report, part, scope, grain) for part in parts_for(report, scope))


def summaries(report: Report, scope: Scope) -> tuple[Sheet, ...]:
    """The small tables of a report that have a drawing."""
    return tuple(sheet_of(report, part, scope, part.grains[0]) for part in parts_for(report, scope) if part.is_summary)


def parts_for(report: Report, scope: Scope) -> tuple[Part, ...]:
    """The parts that the scope's readers may have."""
    return tuple(part for part in report.parts if not (scope.for_outsiders and part.names_people))


def sheet_of(report: Report, part: Part, scope: Scope, grain: Grain) -> Sheet:
    """One table of a report, complete."""
    made = built(report, part, scope, grain)
    chart = part.chart if isinstance(part, Totals) else None
    return Sheet(part.code, part.title, made.columns, whole(made), chart, _note(part, scope))


def _note(part: Part, scope: Scope) -> str:
    """The part's own note; of which year a summary is; and what is left out for outsiders."""
    notes = [part.note] if part.note else []
    if part.is_summary and len(scope.years) > 1:
        notes.append(f"Of {school_year(max(scope.years))}, the newest chosen year.")
    if scope.for_outsiders:
        notes.append(SUPPRESSED)
    return " ".join(notes)


def built(report: Report, part: Part, scope: Scope, grain: Grain) -> Built:
    """A part as SQL."""
    if not isinstance(part, Totals):
        return as_list(ListFrame(report, part, scope))
    if scope.for_outsiders:
        return outsiders_table(report, part, scope, grain)
    frame = frame_of(report, part, scope, grain)
    return by_student(frame) if frame.grain is Grain.STUDENT else by_group(frame)


def whole(made: Built) -> sql.Composed:
    """The query of a whole table."""
    return compose(WHOLE, columns=made.names, query=made.query, order=made.order, limit=made.limit)
