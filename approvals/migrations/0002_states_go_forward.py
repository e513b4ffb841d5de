"""The database itself refuses a step back, a second person who is the first, and a change of what was asked for."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.approval_states() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    followers CONSTANT jsonb := '{
        "asked": ["approved", "refused", "withdrawn"],
        "approved": ["used", "stale", "withdrawn"],
        "refused": [], "withdrawn": [], "stale": [], "used": []
    }';
BEGIN
    IF NEW.state <> OLD.state AND NOT followers -> OLD.state ? NEW.state THEN
        RAISE EXCEPTION 'an approval does not go from % to %', OLD.state, NEW.state;
    END IF;
    IF NEW.decided_by = NEW.asked_by THEN
        RAISE EXCEPTION 'an approval needs two people';
    END IF;
    IF (NEW.district_id, NEW.kind, NEW.subject, NEW.scope, NEW.policy_version, NEW.asked_by, NEW.ceiling)
       IS DISTINCT FROM
       (OLD.district_id, OLD.kind, OLD.subject, OLD.scope, OLD.policy_version, OLD.asked_by, OLD.ceiling)
       OR NEW."on" IS DISTINCT FROM OLD."on" THEN
        RAISE EXCEPTION 'what an approval was asked for is never changed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_states BEFORE UPDATE ON public.approvals_approval
FOR EACH ROW EXECUTE FUNCTION public.approval_states();
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_approvals")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION IF EXISTS public.approval_states() CASCADE")]
