import hutong.kit.cipher
from django.db import migrations, models

PATH = 'accounts.grant.reason'


def seal(apps, schema_editor):
    """The reasons as they stand, sealed; a register without grants needs no keys."""
    grants = apps.get_model('accounts', 'Grant').objects.using(schema_editor.connection.alias)
    for grant in grants.iterator():
        grants.filter(pk=grant.pk).update(sealed=hutong.kit.cipher.keys().seal(grant.reason, field=PATH))


def unseal(apps, schema_editor):
    grants = apps.get_model('accounts', 'Grant').objects.using(schema_editor.connection.alias)
    for grant in grants.iterator():
        text = hutong.kit.cipher.unseal(bytes(grant.sealed), field=PATH).decode()
        grants.filter(pk=grant.pk).update(reason=text)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_search_indexes'),
    ]

    operations = [
        migrations.AddField(model_name='grant', name='sealed', field=models.BinaryField(null=True)),
        migrations.RunPython(seal, unseal),
        migrations.RemoveConstraint(model_name='grant', name='grant_has_reason'),
        migrations.AlterField(model_name='grant', name='reason', field=models.CharField(max_length=200, default='-')),
        migrations.RemoveField(model_name='grant', name='reason'),
        migrations.RenameField(model_name='grant', old_name='sealed', new_name='reason'),
        migrations.AlterField(model_name='grant', name='reason', field=hutong.kit.cipher.SealedField()),
    ]
