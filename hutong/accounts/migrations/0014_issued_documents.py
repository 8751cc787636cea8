"""The register of issued documents: what was issued stays as it was, but for a withdrawal and a change of keys."""

import django.db.models.deletion
import hutong.kit.cipher
from django.conf import settings
from django.db import migrations, models


MAKE = """
CREATE FUNCTION hutong_document_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['content', 'withdrawn_why'];
BEGIN
    IF OLD.withdrawn_on IS NULL THEN
        may_change := may_change || ARRAY['withdrawn_on', 'withdrawn_by_id'];
    END IF;
    IF to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'an issued document stays as it was' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER document_stays BEFORE UPDATE ON accounts_issueddocument
    FOR EACH ROW EXECUTE FUNCTION hutong_document_stays();
CREATE TRIGGER append_only_rows BEFORE DELETE ON accounts_issueddocument
    FOR EACH ROW EXECUTE FUNCTION hutong_refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON accounts_issueddocument
    FOR EACH STATEMENT EXECUTE FUNCTION hutong_refuse_change();
REVOKE DELETE, TRUNCATE ON accounts_issueddocument FROM hutong_app;
"""
UNMAKE = """
DROP TRIGGER append_only_table ON accounts_issueddocument;
DROP TRIGGER append_only_rows ON accounts_issueddocument;
DROP TRIGGER document_stays ON accounts_issueddocument;
DROP FUNCTION hutong_document_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_copies'),
        ('divisions', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='IssuedDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('number', models.CharField(max_length=60)),
                ('office', models.CharField(max_length=60)),
                ('office_code', models.CharField(max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('check_code', models.CharField(max_length=19, unique=True)),
                ('subject_kind', models.CharField(max_length=30)),
                ('subject_key', models.CharField(max_length=60)),
                ('division_code', models.CharField(max_length=12)),
                ('content', hutong.kit.cipher.SealedField()),
                ('digest', models.CharField(max_length=64)),
                ('pages', models.PositiveSmallIntegerField()),
                ('issued_on', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('withdrawn_on', models.DateField(blank=True, null=True)),
                ('withdrawn_why', hutong.kit.cipher.SealedField(blank=True, null=True)),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='accounts.issueddocument')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['subject_kind', 'subject_key'], name='document_subject'), models.Index(fields=['division_code', 'issued_on'], name='document_place')],
                'constraints': [models.UniqueConstraint(fields=('office_code', 'year', 'serial'), name='document_number_once'), models.CheckConstraint(condition=models.Q(('pages__gte', 1)), name='document_has_pages'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_by__isnull', True), ('withdrawn_on__isnull', True), ('withdrawn_why__isnull', True)), models.Q(('withdrawn_by__isnull', False), ('withdrawn_on__isnull', False), ('withdrawn_why__isnull', False)), _connector='OR'), name='document_withdrawn_whole')],
            },
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
