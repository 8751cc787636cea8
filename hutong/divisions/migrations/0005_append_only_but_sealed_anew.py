"""The database's own word for append-only tables whose sealed values have to follow a change of keys.

No column but the sealed ones may stand in an UPDATE; a sealed one may change only from a token under one key to a token
under another, which is what `hutong keys rotate` writes. Rows stay as many as they were. The app role keeps the right
to UPDATE, without which it could not lock the table while a key is retired: the triggers are what refuses.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION hutong_refuse_but_sealed_anew() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sealed text;
    old_token bytea;
    new_token bytea;
BEGIN
    FOREACH sealed IN ARRAY TG_ARGV LOOP
        EXECUTE format('SELECT ($1).%1$I, ($2).%1$I', sealed) INTO old_token, new_token USING OLD, NEW;
        IF old_token IS DISTINCT FROM new_token
           AND (old_token IS NULL OR new_token IS NULL OR substr(old_token, 1, 2) = substr(new_token, 1, 2)) THEN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE FUNCTION hutong_make_append_only_but_sealed(target regclass, VARIADIC sealed text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    frozen text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                     WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attname <> ALL (sealed));
    arguments text := (SELECT string_agg(quote_literal(one), ', ') FROM unnest(sealed) AS one);
BEGIN
    EXECUTE format('REVOKE DELETE, TRUNCATE ON %s FROM hutong_app', target);
    EXECUTE format('CREATE TRIGGER append_only_columns BEFORE UPDATE OF %s ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION hutong_refuse_change()', frozen, target);
    EXECUTE format('CREATE TRIGGER append_only_sealed BEFORE UPDATE ON %s '
                   'FOR EACH ROW EXECUTE FUNCTION hutong_refuse_but_sealed_anew(%s)', target, arguments);
    EXECUTE format('CREATE TRIGGER append_only_rows BEFORE DELETE ON %s '
                   'FOR EACH ROW EXECUTE FUNCTION hutong_refuse_change()', target);
    EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION hutong_refuse_change()', target);
END $$;
"""
UNMAKE = "DROP FUNCTION hutong_make_append_only_but_sealed(regclass, text[]); DROP FUNCTION hutong_refuse_but_sealed_anew();"


class Migration(migrations.Migration):
    dependencies = [("divisions", "0004_succession_along"), ("divisions", "0002_append_only")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
