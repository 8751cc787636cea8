"""The trail can be added to and read, nothing else."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("divisions", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            "SELECT hutong_make_append_only('accounts_trailentry')",
            "DROP TRIGGER append_only_rows ON accounts_trailentry; "
            "DROP TRIGGER append_only_table ON accounts_trailentry; "
            "GRANT UPDATE, DELETE ON accounts_trailentry TO hutong_app",
        )
    ]
