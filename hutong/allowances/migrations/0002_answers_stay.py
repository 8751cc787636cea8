"""What a department answered stays as it was recorded; a change of keys reaches its sealed columns."""

from django.db import migrations

MAKE = """
CREATE FUNCTION hutong_data_check_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sealed text[] := ARRAY['claim', 'values', 'text', 'words'];
BEGIN
    IF to_jsonb(NEW) - sealed IS DISTINCT FROM to_jsonb(OLD) - sealed THEN
        RAISE EXCEPTION 'an answer of a department stays as it was' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER data_check_stays BEFORE UPDATE ON allowances_datacheck
    FOR EACH ROW WHEN (OLD.verdict <> '') EXECUTE FUNCTION hutong_data_check_stays();
CREATE TRIGGER data_check_sealed BEFORE UPDATE ON allowances_datacheck
    FOR EACH ROW WHEN (OLD.verdict <> '')
    EXECUTE FUNCTION hutong_refuse_but_sealed_anew('claim', 'values', 'text', 'words');
CREATE TRIGGER append_only_rows BEFORE DELETE ON allowances_datacheck
    FOR EACH ROW EXECUTE FUNCTION hutong_refuse_change();
REVOKE DELETE ON allowances_datacheck FROM hutong_app;
"""
UNMAKE = """
DROP TRIGGER append_only_rows ON allowances_datacheck;
DROP TRIGGER data_check_sealed ON allowances_datacheck;
DROP TRIGGER data_check_stays ON allowances_datacheck;
DROP FUNCTION hutong_data_check_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("allowances", "0001_initial"), ("divisions", "0005_append_only_but_sealed_anew")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
