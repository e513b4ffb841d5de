"""The database itself refuses an export's step back: a package's times are set once, and a newer one begins anew."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.resets_export_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.package_id IS DISTINCT FROM OLD.package_id THEN
        IF NEW.package_id IS NULL OR NEW.built_at <= OLD.built_at THEN
            RAISE EXCEPTION 'the newest package of a year is followed by a newer one only';
        END IF;
        IF NEW.checked_at IS NOT NULL OR NEW.downloaded_at IS NOT NULL OR NEW.gone_at IS NOT NULL THEN
            RAISE EXCEPTION 'a newer package begins anew';
        END IF;
    ELSIF NEW.built_at IS DISTINCT FROM OLD.built_at
        OR OLD.checked_at IS NOT NULL AND NEW.checked_at IS DISTINCT FROM OLD.checked_at
        OR OLD.downloaded_at IS NOT NULL AND NEW.downloaded_at IS DISTINCT FROM OLD.downloaded_at
        OR OLD.gone_at IS NOT NULL AND NEW.gone_at IS DISTINCT FROM OLD.gone_at THEN
        RAISE EXCEPTION 'the export of a year does not go back';
    END IF;
    IF OLD.waived_at IS NOT NULL AND (NEW.waived_at IS NULL OR NEW.waived_at < OLD.waived_at) THEN
        RAISE EXCEPTION 'a waiver is not taken back';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER resets_export_forward BEFORE UPDATE ON public.resets_yearexport
FOR EACH ROW EXECUTE FUNCTION public.resets_export_forward();
"""


class Migration(migrations.Migration):
    dependencies = [("resets", "0010_year_exports")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION IF EXISTS public.resets_export_forward() CASCADE")]
