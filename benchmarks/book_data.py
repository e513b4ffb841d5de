"""A book of many districts in the public schema, made inside PostgreSQL: rows for lists, without schemas."""

from django.db import connection
from psycopg import sql

YEAR = 2026
CSMS = 25
DISTRICTS = """
INSERT INTO public.tenants_district (schema_name, slug, name, nces_id, time_zone, school_year, school_year_ends_on,
    rostering_starts_on, csm_id, nightly_sync, nightly_sync_hour, removal_threshold_percent,
    removal_threshold_people, created_at)
SELECT 'book_' || n, 'book-' || n, 'District ' || md5(n::text), lpad(n::text, 7, '0'),
       (ARRAY['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'])[1 + n %% 4],
       %(year)s, '2026-06-10', '2026-08-03', c.id, true, 1, 5, 100, '2025-08-01'
FROM generate_series(1, %(districts)s) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM public.tenants_csm) AS c ON c.k = n %% %(csms)s
ON CONFLICT DO NOTHING
"""
STATUSES = """
INSERT INTO public.tenants_districtstatus (district_id, last_sync_at, last_sync_state, last_import_at, roster_year,
    held_removals, ready_items, ready_total)
SELECT id, timestamptz '2026-06-20 06:00Z' - id % 9 * interval '1 day',
       (ARRAY['applied', 'unchanged', 'partly_held', 'refused'])[1 + id % 4], '2026-06-20 06:00Z', 2026, 0, 0, 6
FROM public.tenants_district WHERE starts_with(slug, 'book-') ON CONFLICT DO NOTHING
"""
SUBSCRIPTIONS = """
INSERT INTO public.products_subscription (district_id, product, starts_on)
SELECT d.id, p.code, '2025-08-01' FROM public.tenants_district AS d
CROSS JOIN (VALUES ('reading'), ('math_facts'), ('hero')) AS p (code)
WHERE starts_with(d.slug, 'book-') ON CONFLICT DO NOTHING
"""
SCHEDULES = """
INSERT INTO public.resets_resetschedule (district_id, suite, school_year, "on", answer, exception_reason, conflicts,
    held_by, held_reason)
SELECT d.id, p.suite, 2026, p.first + (d.id * 7 % 14)::int,
       (ARRAY['none', 'agreed', 'none', 'custom', 'asked'])[1 + d.id % 5], '', '', '', ''
FROM public.tenants_district AS d CROSS JOIN (
    VALUES ('literacy', date '2026-07-15'), ('math', date '2026-07-15'), ('hero', date '2026-07-01')
) AS p (suite, first)
WHERE starts_with(d.slug, 'book-') ON CONFLICT DO NOTHING
"""
RUNS = """
INSERT INTO public.resets_resetrun (id, district_id, schedule_id, suite, school_year, "on", state, policy_version,
    actor, step, attempts, created_at, error, evidence, log, undo_tables, restored_schools)
SELECT gen_random_uuid(), s.district_id, s.id, s.suite, s.school_year, s."on",
       CASE WHEN s.id % 50 = 0 THEN 'failed' ELSE 'completed' END, '2026', 'system:planner', '', 1,
       s."on" + interval '8 hours', '', '{}', '[]', '[]', '[]'
FROM public.resets_resetschedule AS s JOIN public.tenants_district AS d ON d.id = s.district_id
WHERE starts_with(d.slug, 'book-') AND s.suite = 'hero' AND s."on" < '2026-07-08'
ON CONFLICT DO NOTHING
"""
ANALYZED = (
    "tenants_district", "tenants_districtstatus", "products_subscription", "resets_resetschedule", "resets_resetrun",
)  # fmt: skip


def fill_book(districts: int) -> None:
    """Fill the public schema with so many districts, in the books of 25 CSMs, each with three suites' dates."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.tenants_csm (name, email) SELECT 'Csm ' || n, 'csm' || n || '@vendor.example'"
            " FROM generate_series(1, %s) AS n ON CONFLICT DO NOTHING",
            [CSMS],
        )
        cursor.execute(DISTRICTS, {"year": YEAR, "districts": districts, "csms": CSMS})
        for statement in (STATUSES, SUBSCRIPTIONS, SCHEDULES, RUNS):
            cursor.execute(statement)
        for table in ANALYZED:
            cursor.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier("public", table)))
