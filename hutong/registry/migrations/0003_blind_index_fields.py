import hutong.kit.cipher
from django.db import migrations

# Of the sixteen bytes of an index the first names its key now, and the hash keeps fifteen: nothing need be re-keyed.
NAME_THE_KEY = """
UPDATE registry_child SET id_index = '\\x01'::bytea || substring(id_index from 1 for 15),
    matching_index = '\\x01'::bytea || substring(matching_index from 1 for 15);
UPDATE registry_guardian SET id_index = '\\x01'::bytea || substring(id_index from 1 for 15),
    phone_index = '\\x01'::bytea || substring(phone_index from 1 for 15);
UPDATE registry_parent SET id_index = '\\x01'::bytea || substring(id_index from 1 for 15),
    phone_index = '\\x01'::bytea || substring(phone_index from 1 for 15);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_people_around_a_child'),
    ]

    operations = [
        migrations.AlterField(
            model_name='child',
            name='id_index',
            field=hutong.kit.cipher.BlindIndexField(kind='id_number', max_length=16, null=True, of='id_number', unique=True),
        ),
        migrations.AlterField(
            model_name='child',
            name='matching_index',
            field=hutong.kit.cipher.BlindIndexField(kind='matching', max_length=16, of='known_by'),
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name=f'{name}_index',
                field=hutong.kit.cipher.BlindIndexField(db_index=True, kind=name.replace('id', 'id_number'), max_length=16, null=True, of=name.replace('id', 'id_number')),
            )
            for model in ('guardian', 'parent')
            for name in ('id', 'phone')
        ),
        migrations.RunSQL(NAME_THE_KEY),
    ]
