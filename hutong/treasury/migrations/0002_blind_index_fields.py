import hutong.kit.cipher
from django.db import migrations

INDEXES = {'treasury_payee': ['id_index', 'card_index']}


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
        ('treasury', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='payee',
            name='id_index',
            field=hutong.kit.cipher.BlindIndexField(db_index=True, kind='id_number', max_length=16, null=True, of='id_number'),
        ),
        migrations.AlterField(
            model_name='payee',
            name='card_index',
            field=hutong.kit.cipher.BlindIndexField(kind='card', max_length=16, of='card'),
        ),
        migrations.RunSQL(NAME_THE_KEY, FORGET_THE_KEY),
    ]
