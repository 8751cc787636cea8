import hutong.kit.cipher
from django.db import migrations

# Of the sixteen bytes of an index the first names its key now, and the hash keeps fifteen: nothing need be re-keyed.
NAME_THE_KEY = "UPDATE accounts_declaredkin SET id_index = '\\x01'::bytea || substring(id_index from 1 for 15)"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_purposes_notices_kin_and_saved_filters'),
    ]

    operations = [
        migrations.AlterField(
            model_name='declaredkin',
            name='id_index',
            field=hutong.kit.cipher.BlindIndexField(db_index=True, kind='id_number', max_length=16, null=True, of='id_number'),
        ),
        migrations.RunSQL(NAME_THE_KEY),
    ]
