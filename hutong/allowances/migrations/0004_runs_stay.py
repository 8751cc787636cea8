"""What a run says stays once it is approved: its lines, what it found overpaid, what it had reckoned, and every basis."""

from django.db import migrations

MAKE = """
CREATE FUNCTION hutong_run_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed JOIN allowances_run AS run ON run.id = changed.run_id WHERE run.state = 'approved') THEN
        RAISE EXCEPTION 'an approved run stays as it was' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION hutong_keep_runs(target regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    act text;
    rows text;
BEGIN
    FOREACH act IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
        rows := CASE act WHEN 'INSERT' THEN 'NEW TABLE' ELSE 'OLD TABLE' END;
        EXECUTE format('CREATE TRIGGER run_stays_%4$s AFTER %1$s ON %2$s REFERENCING %3$s AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION hutong_run_is_open()', act, target, rows, lower(act));
    END LOOP;
    EXECUTE format('REVOKE TRUNCATE ON %s FROM hutong_app', target);
END $$;

SELECT hutong_keep_runs('allowances_runline');
SELECT hutong_keep_runs('allowances_overpaid');
SELECT hutong_keep_runs('allowances_reckoned');
SELECT hutong_make_append_only('allowances_basis');
SELECT hutong_make_append_only('allowances_beneficial');
"""
TABLES = ("runline", "overpaid", "reckoned")
UNMAKE = "".join(
    f"DROP TRIGGER run_stays_{act} ON allowances_{table};" for table in TABLES for act in ("insert", "update", "delete")
) + "".join(
    f"DROP TRIGGER append_only_{kind} ON allowances_{table};" for table in ("basis", "beneficial") for kind in ("rows", "table")
) + "DROP FUNCTION hutong_keep_runs(regclass); DROP FUNCTION hutong_run_is_open();"


class Migration(migrations.Migration):
    dependencies = [("allowances", "0003_leads_stay"), ("divisions", "0002_append_only")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
