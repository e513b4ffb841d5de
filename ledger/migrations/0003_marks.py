"""Each district's schema gets the mark of the newest disposition in its ledger (see ledger.opening)."""

from django.db import migrations

MARKS = r"""
DO $$
DECLARE each record;
BEGIN
    FOR each IN
        SELECT d.schema_name, max(l.number) AS number
        FROM public.tenants_district AS d
        JOIN public.ledger_ledgerentry AS l ON l.district_id = d.id AND l.kind IN
            ('reset', 'restore', 'postponed', 'anonymization', 'destruction', 'hold_placed', 'hold_lifted')
        WHERE d.removed_at IS NULL AND to_regnamespace(quote_ident(d.schema_name)) IS NOT NULL
        GROUP BY 1
    LOOP
        EXECUTE format('COMMENT ON SCHEMA %I IS %L', each.schema_name, 'yearturn:' || each.number);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_chain"), ("tenants", "0001_initial")]

    operations = [migrations.RunSQL(MARKS, migrations.RunSQL.noop)]
