import hutong.kit.cipher
from django.db import migrations

INDEXES = {'registry_child': ['id_index', 'matching_index'], 'registry_guardian': ['id_index', 'phone_index'], 'registry_parent': ['id_index', 'phone_index']}


def each(form):
    """An UPDATE of every index, in one statement a table."""
    return [
        'UPDATE %s SET %s' % (table, ', '.join('%s = %s' % (name, form % name) for name in names))
        for table, names in INDEXES.items()
    ]


# Of the sixteen bytes of an index the first names its key now, and the hash keeps fifteen: nothing need be re-keyed.
# On the way back the last byte is not known any more: the indexes find nothing until this has run again.
NAME_THE_KEY = each(r"'\x01'::bytea || substring(%s from 1 for 15)")
FORGET_THE_KEY = each(r"substring(%s from 2) || '\x00'::bytea")


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0003_payee_link'),
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
        migrations.RunSQL(NAME_THE_KEY, FORGET_THE_KEY),
    ]
