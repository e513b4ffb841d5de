import uuid

import django.db.models.deletion
from django.db import migrations, models

FORWARD_ONLY = """
CREATE FUNCTION public.certificates_refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a certificate is never edited: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER certificates_never_edited BEFORE UPDATE OR DELETE ON public.certificates_certificate
FOR EACH ROW EXECUTE FUNCTION public.certificates_refused();
CREATE TRIGGER certificates_never_truncated BEFORE TRUNCATE ON public.certificates_certificate
FOR EACH STATEMENT EXECUTE FUNCTION public.certificates_refused();

CREATE FUNCTION public.certificates_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stages constant text[] := ARRAY['rows_deleted', 'storage_rewritten', 'searched', 'final'];
    earlier public.certificates_certificate;
BEGIN
    SELECT * INTO earlier FROM public.certificates_certificate WHERE id = NEW.supersedes_id;
    IF array_position(stages, NEW.stage) IS NULL THEN
        RAISE EXCEPTION 'a certificate has no stage %', NEW.stage USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.version = 1 AND NEW.supersedes_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF (earlier.number, earlier.district_id, earlier.ledger_number, earlier.version + 1)
        IS DISTINCT FROM (NEW.number, NEW.district_id, NEW.ledger_number, NEW.version::int) THEN
        RAISE EXCEPTION 'version % of % does not follow the one that it supersedes', NEW.version, NEW.number
            USING ERRCODE = 'check_violation';
    END IF;
    IF array_position(stages, NEW.stage) < array_position(stages, earlier.stage) THEN
        RAISE EXCEPTION 'a certificate does not go from % back to %', earlier.stage, NEW.stage
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certificates_forward BEFORE INSERT ON public.certificates_certificate
FOR EACH ROW EXECUTE FUNCTION public.certificates_forward();
"""
BACK = """
DROP FUNCTION IF EXISTS public.certificates_refused() CASCADE;
DROP FUNCTION IF EXISTS public.certificates_forward() CASCADE;
"""
CERTIFIED = """
CREATE INDEX certificates_certified ON public.ledger_ledgerentry (district_id, number)
WHERE kind IN ('reset', 'postponed', 'anonymization', 'destruction', 'restore')
"""
STAGES = [
    ("rows_deleted", "Rows deleted"),
    ("storage_rewritten", "Storage rewritten"),
    ("searched", "Storage rewritten and searched"),
    ("final", "Final: the last backup has aged out"),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(
                        help_text="The same for all versions; printed, and in the QR code.", max_length=16
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("district_id", models.BigIntegerField()),
                ("ledger_number", models.PositiveIntegerField(help_text="The ledger entry that it certifies.")),
                ("kind", models.CharField(max_length=40)),
                ("suite", models.CharField(blank=True, help_text="Empty: every suite.", max_length=40)),
                ("school_year", models.PositiveSmallIntegerField(null=True)),
                ("stage", models.CharField(choices=STAGES, max_length=17)),
                (
                    "progress",
                    models.CharField(
                        help_text="What this version knows of storage, searches and restores.", max_length=120
                    ),
                ),
                (
                    "backups_until",
                    models.DateField(
                        help_text="The last day on which a backup may hold the data; empty until the storage is rewritten.",
                        null=True,
                    ),
                ),
                ("document", models.JSONField(help_text="What is signed. No personal data.")),
                ("signature_key", models.CharField(max_length=16)),
                ("signature_value", models.CharField(max_length=88)),
                ("issued_at", models.DateTimeField()),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="certificates.certificate",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at", "id"],
                "indexes": [
                    models.Index(fields=["-issued_at", "id"], name="certificates_newest"),
                    models.Index(fields=["district_id", "-ledger_number"], name="certificates_of_district"),
                    models.Index(
                        condition=models.Q(("stage", "final"), _negated=True), fields=["id"], name="certificates_open"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number", "version"), name="one_certificate_per_version"),
                    models.UniqueConstraint(
                        fields=("district_id", "ledger_number", "version"), name="one_certificate_per_entry"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD_ONLY, BACK),
        migrations.RunSQL(CERTIFIED, "DROP INDEX IF EXISTS public.certificates_certified"),
    ]
