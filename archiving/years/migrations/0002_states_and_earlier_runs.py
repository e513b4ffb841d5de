"""The database refuses a state that cannot follow; runs of before this record get theirs from their counts."""

from django.db import migrations

STATES = """
CREATE FUNCTION public.archived_year_states() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    followers CONSTANT jsonb := '{
        "archived": ["archived", "restored", "anonymized", "destroyed"],
        "restored": ["archived", "destroyed"],
        "anonymized": ["destroyed"],
        "destroyed": []
    }';
BEGIN
    IF NEW.state <> OLD.state AND NOT followers -> OLD.state ? NEW.state THEN
        RAISE EXCEPTION 'a school year does not go from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER archived_year_states BEFORE UPDATE OF state ON public.archive_years_archivedyear
FOR EACH ROW EXECUTE FUNCTION public.archived_year_states();
"""
EARLIER = """
WITH categories AS (
    SELECT run_id, jsonb_object_agg(category, rows) AS counts FROM (
        SELECT run_id, category, sum(archived) AS rows FROM public.resets_runcount GROUP BY 1, 2 HAVING sum(archived) > 0
    ) AS by_category GROUP BY 1
), schools AS (
    SELECT run_id, jsonb_object_agg(coalesce(school_id, 0), rows) AS schools FROM (
        SELECT run_id, school_id, sum(archived) AS rows FROM public.resets_runcount GROUP BY 1, 2 HAVING sum(archived) > 0
    ) AS by_school GROUP BY 1
), deleted AS (
    SELECT run_id, sum(deleted) AS rows FROM public.resets_runcount GROUP BY 1
)
INSERT INTO public.archive_years_archivedyear
    (district_id, suite, school_year, state, since, run_id, counts, schools, restored_schools)
SELECT r.district_id, r.suite, r.school_year,
       CASE WHEN d.removed_at IS NOT NULL OR (c.counts IS NULL AND x.rows > 0) THEN 'destroyed'
            WHEN EXISTS (SELECT FROM public.tenants_job AS j WHERE j.district_id = r.district_id
                         AND j.kind = 'anonymize' AND j.key = r.suite || '-' || r.school_year AND j.state = 'done')
            THEN 'anonymized' ELSE 'archived' END,
       r.finished_at, r.id, coalesce(c.counts, '{}'), coalesce(s.schools, '{}'), '[]'
FROM public.resets_resetrun AS r JOIN public.tenants_district AS d ON d.id = r.district_id
LEFT JOIN categories AS c ON c.run_id = r.id LEFT JOIN schools AS s ON s.run_id = r.id
LEFT JOIN deleted AS x ON x.run_id = r.id
WHERE r.state = 'completed'
"""


class Migration(migrations.Migration):
    dependencies = [("archive_years", "0001_archived_years"), ("tenants", "0003_stopped_attempts")]
    operations = [
        migrations.RunSQL(STATES, "DROP FUNCTION IF EXISTS public.archived_year_states() CASCADE"),
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
    ]
