"""Seals over the trail, checkpoints, and the order in which entries are sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_emergencies'),
        ('divisions', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrailCheckpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_number', models.BigIntegerField()),
                ('position', models.BigIntegerField()),
                ('link', models.BinaryField(max_length=32)),
                ('made_at', models.DateTimeField()),
                ('public_key', models.BinaryField(max_length=32)),
                ('signature', models.BinaryField(max_length=64)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='TrailSeal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('until_transaction', models.BigIntegerField()),
                ('until_id', models.BigIntegerField()),
                ('last_position', models.BigIntegerField()),
                ('sealed_at', models.DateTimeField()),
                ('block', models.BinaryField(max_length=32)),
                ('link', models.BinaryField(max_length=32)),
                ('signature', models.BinaryField(max_length=64)),
                ('marks', models.BinaryField()),
            ],
            options={
                'ordering': ('-number',),
            },
        ),
        migrations.AddIndex(
            model_name='trailentry',
            index=models.Index(fields=['transaction_id', 'id'], name='trail_order'),
        ),
        migrations.RunSQL("SELECT hutong_make_append_only('accounts_trailseal')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT hutong_make_append_only('accounts_trailcheckpoint')", migrations.RunSQL.noop),
    ]
