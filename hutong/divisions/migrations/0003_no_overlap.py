"""The database's own word for dated rows that may not overlap, used by every later migration that makes such a table.

A trigger of the statement and not an exclusion constraint: it needs no extension, takes text keys, and checks fifty
thousand rows of a COPY in one question. It locks the rows that the dated rows belong to, so that two transactions
cannot each add half of an overlap.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION hutong_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner_table text := TG_ARGV[0];
    owner_key text := TG_ARGV[1];
    same text := (SELECT coalesce(string_agg(format(' AND one.%1$I IS NOT DISTINCT FROM other.%1$I', extra), ''), '')
                    FROM unnest(TG_ARGV[2:]) AS extra);
    clashes boolean;
BEGIN
    EXECUTE format('SELECT count(*) FROM (SELECT 1 FROM %I WHERE id IN (SELECT %I FROM fresh) ORDER BY id '
                   'FOR NO KEY UPDATE) AS locked', owner_table, owner_key);
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM fresh AS one JOIN %1$I AS other '
                   'ON one.%2$I = other.%2$I AND one.id <> other.id%3$s '
                   'AND daterange(one.from_on, one.until_on, ''[]'') && daterange(other.from_on, other.until_on, ''[]''))',
                   TG_TABLE_NAME, owner_key, same) INTO clashes;
    IF clashes THEN
        RAISE EXCEPTION 'rows of % overlap', TG_TABLE_NAME USING ERRCODE = 'exclusion_violation',
            CONSTRAINT = TG_TABLE_NAME || '_overlap';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION hutong_no_overlap(target regclass, VARIADIC keys text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    arguments text := (SELECT string_agg(quote_literal(one), ', ') FROM unnest(keys) AS one);
BEGIN
    EXECUTE format('CREATE TRIGGER no_overlap_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS fresh '
                   'FOR EACH STATEMENT EXECUTE FUNCTION hutong_refuse_overlap(%s)', target, arguments);
    EXECUTE format('CREATE TRIGGER no_overlap_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS fresh '
                   'FOR EACH STATEMENT EXECUTE FUNCTION hutong_refuse_overlap(%s)', target, arguments);
END $$;
"""
UNMAKE = "DROP FUNCTION hutong_no_overlap(regclass, text[]); DROP FUNCTION hutong_refuse_overlap();"


class Migration(migrations.Migration):
    dependencies = [("divisions", "0002_append_only")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
