"""What departments gave, what was read out of it and what became of it can only be added to."""

from django.db import migrations

MAKE = """
SELECT hutong_make_append_only('allowances_departmentlist');
SELECT hutong_make_append_only_but_sealed('allowances_lead', 'said');
SELECT hutong_make_append_only_but_sealed('allowances_leadend', 'words');
SELECT hutong_make_append_only_but_sealed('allowances_listruling', 'words');
"""
UNMAKE = "".join(
    f"DROP TRIGGER append_only_{kind} ON allowances_{table};"
    for table, kinds in (
        ("departmentlist", ("rows", "table")),
        ("lead", ("columns", "sealed", "rows", "table")),
        ("leadend", ("columns", "sealed", "rows", "table")),
        ("listruling", ("columns", "sealed", "rows", "table")),
    )
    for kind in kinds
)


class Migration(migrations.Migration):
    dependencies = [("allowances", "0002_answers_stay"), ("divisions", "0005_append_only_but_sealed_anew")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
