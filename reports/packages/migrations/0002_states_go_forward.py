"""The database itself refuses a package's step back."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.packages_package_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks CONSTANT jsonb := '{"waiting": 1, "building": 2, "ready": 3, "failed": 3, "gone": 4}';
BEGIN
    IF NEW.state <> OLD.state AND (ranks ->> NEW.state)::int <= (ranks ->> OLD.state)::int THEN
        RAISE EXCEPTION 'a package does not go from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER packages_package_forward BEFORE UPDATE OF state ON public.packages_package
FOR EACH ROW EXECUTE FUNCTION public.packages_package_forward();
"""


class Migration(migrations.Migration):
    dependencies = [("packages", "0001_packages")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION IF EXISTS public.packages_package_forward() CASCADE")]
