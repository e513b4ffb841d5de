"""The database itself refuses a run's step back, and any change of a schedule's history."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION resets_run_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks CONSTANT jsonb := '{"queued": 1, "running": 2, "completed": 3, "failed": 3}';
BEGIN
    IF NEW.state <> OLD.state AND (ranks ->> NEW.state)::int <= (ranks ->> OLD.state)::int THEN
        RAISE EXCEPTION 'a reset run does not go from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER resets_run_forward BEFORE UPDATE OF state ON resets_resetrun
FOR EACH ROW EXECUTE FUNCTION resets_run_forward();

CREATE FUNCTION resets_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of a schedule is never edited';
END $$;
CREATE TRIGGER resets_history_stays BEFORE UPDATE ON resets_schedulechange
FOR EACH ROW EXECUTE FUNCTION resets_history_stays();
"""
BACK = """
DROP TRIGGER resets_run_forward ON resets_resetrun;
DROP FUNCTION resets_run_forward();
DROP TRIGGER resets_history_stays ON resets_schedulechange;
DROP FUNCTION resets_history_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("resets", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
