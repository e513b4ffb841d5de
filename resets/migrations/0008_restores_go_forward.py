"""The database itself refuses a restore's step back."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.resets_restore_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks CONSTANT jsonb := '{"asked": 1, "queued": 2, "running": 3, "completed": 4, "failed": 4}';
BEGIN
    IF NEW.state <> OLD.state AND (ranks ->> NEW.state)::int <= (ranks ->> OLD.state)::int THEN
        RAISE EXCEPTION 'a restore does not go from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER resets_restore_forward BEFORE UPDATE OF state ON public.resets_restore
FOR EACH ROW EXECUTE FUNCTION public.resets_restore_forward();
"""


class Migration(migrations.Migration):
    dependencies = [("resets", "0007_restores")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION IF EXISTS public.resets_restore_forward() CASCADE")]
