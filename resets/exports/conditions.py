"""The conditions of export before destroy, in SQL: asked alike of one reset, of a page of them, and of all.

Each speaks of a schedule `s`, its district `d`, its window `w` and the year's export `e`, and of the parameters of
`asked_at`. A district's dates are those of its current school year: an older year is judged by what was noted.
"""

import datetime as dt
import re
from typing import Any, Final

from django.db.models.expressions import RawSQL

from resets.exports.rules import deleting_products

SOURCES: Final = """
FROM public.resets_resetschedule AS s
JOIN public.tenants_district AS d ON d.id = s.district_id
LEFT JOIN public.resets_resetwindow AS w ON w.suite = s.suite AND w.school_year = s.school_year
LEFT JOIN public.resets_yearexport AS e
  ON e.district_id = s.district_id AND e.suite = s.suite AND e.school_year = s.school_year
LEFT JOIN (SELECT district_id, suite, school_year, max(undone_at) AS undone_at FROM public.resets_resetrun
           WHERE undone_at IS NOT NULL GROUP BY district_id, suite, school_year) AS u
  ON u.district_id = s.district_id AND u.suite = s.suite AND u.school_year = s.school_year
CROSS JOIN LATERAL (
    SELECT ((%(now)s AT TIME ZONE d.time_zone) - make_interval(hours => w.run_hour))::date AS night OFFSET 0) AS n
"""
"""OFFSET 0 has PostgreSQL work the night out once a row, not at each place where it is asked for."""
DELETES: Final = """EXISTS (
    SELECT FROM public.products_subscription AS sub
    WHERE sub.district_id = s.district_id AND s.suite || '.' || sub.product = ANY(%(deleting)s)
      AND sub.starts_on <= s.on AND (sub.ends_on IS NULL OR sub.ends_on > s.on - 365))"""
"""The district has a product of which the suite's policy deletes data; subscribed as in `subscriptions_to`."""

EARLY: Final = """(d.school_year = s.school_year AND (e.built_at AT TIME ZONE d.time_zone)::date
    <= greatest(d.school_year_ends_on, d.summer_session_ends_on))"""
"""The package was made before the school year, or the summer session, had ended: it is not the whole year."""

UNDONE: Final = "u.undone_at"
"""When a reset of the year was undone last. What came back may have been changed since: neither an older package nor an
older waiver is of the next reset."""

DOWNLOADED: Final = f"(e.downloaded_at IS NOT NULL AND NOT {EARLY} AND coalesce(e.built_at > {UNDONE}, true))"
WAIVED: Final = f"(e.waived_at IS NOT NULL AND coalesce(e.waived_at > {UNDONE}, true))"
STATE: Final = f"""CASE
    WHEN {DOWNLOADED} THEN 'downloaded'
    WHEN {WAIVED} THEN 'waived'
    WHEN NOT {DELETES} THEN 'free'
    WHEN e.package_id IS NULL THEN 'missing'
    WHEN {EARLY} THEN 'early'
    WHEN e.built_at <= {UNDONE} THEN 'old'
    WHEN e.gone_at IS NOT NULL THEN 'gone'
    WHEN e.checked_at IS NULL THEN 'built'
    ELSE 'checked' END"""
"""A code of `resets.exports.words`."""

SETTLED_AT: Final = f"least(CASE WHEN {DOWNLOADED} THEN e.downloaded_at END, CASE WHEN {WAIVED} THEN e.waived_at END)"
"""Since when the reset need not wait any more; null while it must."""

IS_RESET: Final = """EXISTS (SELECT FROM public.resets_resetrun AS r
    WHERE r.district_id = s.district_id AND r.suite = s.suite AND r.school_year = s.school_year
      AND r.state = 'completed' AND r.undone_at IS NULL)"""
"""It has been made, and was not undone."""

LATEST: Final = f"""greatest(s.on, least(
    coalesce(greatest(s.on, ({UNDONE} AT TIME ZONE d.time_zone)::date), s.on) + coalesce(w.export_grace_days, 0),
    CASE WHEN d.school_year = s.school_year THEN d.rostering_starts_on - 1 END,
    CASE WHEN s.on <= w.latest_on THEN w.latest_on END))"""
"""The last day to which the window's grace reaches, closed days not looked at: the reset "takes place BEFORE rostering
for the new school year", and a date inside of a window's range is not put off beyond it."""


def open_days_until(latest: str, since: str) -> str:
    """How many days after `since`, up to `latest`, are no closed days of the district; in SQL."""
    closed = "SELECT count(*) FROM public.tenants_closedday AS c WHERE c.district_id = d.id"
    return f"({latest} - {since} - ({closed} AND c.on > {since} AND c.on <= {latest}))"


LAST_DAY: Final = f"""(SELECT max(day)::date
    FROM generate_series(s.on, {LATEST}, interval '1 day') AS day
    LEFT JOIN public.tenants_closedday AS c ON c.district_id = d.id AND c.on = day::date
    WHERE c.id IS NULL OR day = s.on)"""  # noqa: S608 - of constants
"""The last night on which the reset may begin: then it goes on without the download."""

NIGHT: Final = "n.night"
"""The local date of the last night whose hour has come: resets begin by themselves at their window's hour."""
IS_CLOSED: Final = f"""({NIGHT} <> s.on AND EXISTS (
    SELECT FROM public.tenants_closedday AS c WHERE c.district_id = d.id AND c.on = {NIGHT}))"""
SETTLED_IN_TIME: Final = (
    f"coalesce({SETTLED_AT} <= ({NIGHT} + make_time(w.run_hour, 0, 0)) AT TIME ZONE d.time_zone, false)"
)
WAITS_TONIGHT: Final = f"""(CASE
    WHEN {LATEST} <= {NIGHT} OR ({SETTLED_IN_TIME} AND NOT {IS_CLOSED}) THEN false
    ELSE {open_days_until(LATEST, NIGHT)} > 0 AND {DELETES} END)"""
"""A reset whose date has come does not begin with this tick. Whoever downloads at noon keeps the data on the screen
until the next night; a later night than the date's own is none on which the district is closed."""


def asked_at(now: dt.datetime) -> dict[str, Any]:
    """The parameters of the conditions."""
    return {"now": now, "deleting": list(deleting_products())}


def schedules_where(condition: str, now: dt.datetime, **more: Any) -> RawSQL:
    """The keys of the schedules of which a condition holds, for a query set's `pk__in`."""
    values = {**asked_at(now), **more}
    found: list[Any] = []

    def place(match: re.Match[str]) -> str:
        found.append(values[match[1]])
        return "%s"

    text = re.sub(r"%\((\w+)\)s", place, f"SELECT s.id {SOURCES} WHERE {condition}")
    return RawSQL(text, found)  # noqa: S611 - of constants
