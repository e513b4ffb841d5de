"""Entries are chained: those that there are get their digests, and from now on the database holds each to the last."""

import django.db.models
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from ledger.chain import BEGINNING, chained

CHAIN = """
CREATE FUNCTION public.ledger_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT number, digest INTO last FROM public.ledger_ledgerentry
    WHERE district_id = NEW.district_id ORDER BY number DESC LIMIT 1;
    IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.previous <> coalesce(last.digest, repeat('0', 64)) THEN
        RAISE EXCEPTION 'entry % of district % does not follow entry %', NEW.number, NEW.district_id,
            coalesce(last.number, 0) USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO public.ledger_ledgerhead (district_id, number, published) VALUES (NEW.district_id, NEW.number, 0)
    ON CONFLICT (district_id) DO UPDATE SET number = NEW.number;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_follows BEFORE INSERT ON public.ledger_ledgerentry
FOR EACH ROW EXECUTE FUNCTION public.ledger_follows();
"""
HEADS = """
INSERT INTO public.ledger_ledgerhead (district_id, number, published)
SELECT district_id, max(number), 0 FROM public.ledger_ledgerentry GROUP BY 1
"""
FREE = "ALTER TABLE public.ledger_ledgerentry DISABLE TRIGGER ledger_append_only"
HELD = "ALTER TABLE public.ledger_ledgerentry ENABLE TRIGGER ledger_append_only"


def chain_what_there_is(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Give every entry of before its place in the chain."""
    entries = apps.get_model("ledger", "LedgerEntry")
    district, previous, changed = None, BEGINNING, []
    for row in entries.objects.order_by("district_id", "number").iterator(chunk_size=1000):
        if row.district_id != district:
            district, previous = row.district_id, BEGINNING
        entry = chained(row.district_id, row.number, row.kind, row.actor, row.at, row.facts, previous)
        row.previous, row.digest = entry.previous, entry.digest
        previous = entry.digest
        changed.append(row)
        if len(changed) == 1000:
            entries.objects.bulk_update(changed, ["previous", "digest"])
            changed = []
    entries.objects.bulk_update(changed, ["previous", "digest"])


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddField(
            "LedgerEntry",
            "previous",
            models.CharField(
                max_length=64, default="", help_text="The digest of the district's entry before this one."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "LedgerEntry",
            "digest",
            models.CharField(
                max_length=64, default="", help_text="SHA-256 over everything else in it; see ledger.chain."
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                ("district_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("published", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("published__lt", django.db.models.F("number"))),
                        fields=["district_id"],
                        name="ledger_to_publish",
                    )
                ],
            },
        ),
        migrations.RunSQL(FREE, migrations.RunSQL.noop),
        migrations.RunPython(chain_what_there_is, migrations.RunPython.noop),
        migrations.RunSQL(HELD, migrations.RunSQL.noop),
        migrations.RunSQL(HEADS, migrations.RunSQL.noop),
        migrations.RunSQL(CHAIN, "DROP FUNCTION IF EXISTS public.ledger_follows() CASCADE"),
    ]
