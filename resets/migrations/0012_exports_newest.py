"""The newest download and waiver are asked for with every page of the desk, and which runs were undone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resets", "0011_exports_go_forward")]

    operations = [
        migrations.AddIndex("YearExport", models.Index(fields=["downloaded_at"], name="export_by_download")),
        migrations.AddIndex("YearExport", models.Index(fields=["waived_at"], name="export_by_waiver")),
        migrations.AddIndex(
            "ResetRun",
            models.Index(
                fields=["district", "suite", "school_year"],
                name="runs_undone",
                condition=models.Q(undone_at__isnull=False),
            ),
        ),
    ]
