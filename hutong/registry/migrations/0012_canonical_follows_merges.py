"""The canonical file of a child is the root of its merges: what says otherwise is refused at the end of the act."""

from django.db import migrations

MAKE = """
CREATE FUNCTION hutong_leading_file(file bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE way(id, steps) AS (
        SELECT leading_id, 1 FROM registry_merge WHERE joined_id = file AND stage = 'done'
        UNION ALL
        SELECT merge.leading_id, way.steps + 1 FROM registry_merge AS merge JOIN way ON merge.joined_id = way.id
         WHERE merge.stage = 'done' AND way.steps < 1000
    )
    SELECT id FROM way ORDER BY steps DESC LIMIT 1
$$;

CREATE FUNCTION hutong_joined_files(file bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE below(id) AS (
        SELECT joined_id FROM registry_merge WHERE leading_id = file AND stage = 'done'
        UNION
        SELECT merge.joined_id FROM registry_merge AS merge JOIN below ON merge.leading_id = below.id
         WHERE merge.stage = 'done'
    )
    SELECT id FROM below
$$;

CREATE FUNCTION hutong_require_canonical(files bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT child.id INTO wrong FROM registry_child AS child
     WHERE child.id = ANY(files) AND child.canonical_id IS DISTINCT FROM hutong_leading_file(child.id) LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'canonical file of % does not follow from its merges', wrong
              USING ERRCODE = 'check_violation', CONSTRAINT = 'child_canonical_follows_merges';
    END IF;
END $$;

CREATE FUNCTION hutong_check_child_canonical() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hutong_require_canonical(ARRAY[NEW.id]);
    RETURN NULL;
END $$;

CREATE FUNCTION hutong_check_merge_canonical() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hutong_require_canonical(
        ARRAY[NEW.joined_id, NEW.leading_id] || ARRAY(SELECT hutong_joined_files(NEW.joined_id))
    );
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER child_canonical_entered AFTER INSERT ON registry_child DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.canonical_id IS NOT NULL) EXECUTE FUNCTION hutong_check_child_canonical();
CREATE CONSTRAINT TRIGGER child_canonical_changed AFTER UPDATE OF canonical_id ON registry_child
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.canonical_id IS DISTINCT FROM NEW.canonical_id)
    EXECUTE FUNCTION hutong_check_child_canonical();
CREATE CONSTRAINT TRIGGER merge_canonical AFTER INSERT OR UPDATE ON registry_merge DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hutong_check_merge_canonical();
"""
UNMAKE = """
DROP TRIGGER merge_canonical ON registry_merge;
DROP TRIGGER child_canonical_changed ON registry_child;
DROP TRIGGER child_canonical_entered ON registry_child;
DROP FUNCTION hutong_check_merge_canonical();
DROP FUNCTION hutong_check_child_canonical();
DROP FUNCTION hutong_require_canonical(bigint[]);
DROP FUNCTION hutong_joined_files(bigint);
DROP FUNCTION hutong_leading_file(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_pairs_and_merges")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
