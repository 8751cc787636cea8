import hutong.kit.cipher
from django.db import migrations, models

PATH = 'registry.importbatch.file_name'


def seal(apps, schema_editor):
    """The names as they stand, sealed; a register without batches needs no keys."""
    batches = apps.get_model('registry', 'ImportBatch').objects.using(schema_editor.connection.alias)
    for batch in batches.exclude(file_name='').iterator():
        batches.filter(pk=batch.pk).update(sealed=hutong.kit.cipher.keys().seal(batch.file_name, field=PATH))


def unseal(apps, schema_editor):
    batches = apps.get_model('registry', 'ImportBatch').objects.using(schema_editor.connection.alias)
    for batch in batches.exclude(sealed=None).iterator():
        text = hutong.kit.cipher.unseal(bytes(batch.sealed), field=PATH).decode()
        batches.filter(pk=batch.pk).update(file_name=text)


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0006_sealed_papers'),
    ]

    operations = [
        migrations.AddField(model_name='importbatch', name='sealed', field=models.BinaryField(null=True)),
        migrations.RunPython(seal, unseal),
        migrations.AlterField(
            model_name='importbatch', name='file_name', field=models.CharField(max_length=200, default='')
        ),
        migrations.RemoveField(model_name='importbatch', name='file_name'),
        migrations.RenameField(model_name='importbatch', old_name='sealed', new_name='file_name'),
        migrations.AlterField(
            model_name='importbatch',
            name='file_name',
            field=hutong.kit.cipher.SealedField(blank=True, null=True),
        ),
    ]
