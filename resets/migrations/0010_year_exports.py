"""A reset that deletes waits for the year's download, for so long as its window allows.

The windows that there are wait for nobody: their dates were agreed with districts before, and a date that was promised
is not put off by an update. Whoever answers for a window gives it days, for this year or for the next.
"""

import django.db.models.deletion
from django.db import migrations, models

HELP = "For how many days after its date a reset that deletes waits for the download of the year's data."


class Migration(migrations.Migration):
    dependencies = [("resets", "0009_early_dates"), ("tenants", "0002_district_status")]

    operations = [
        migrations.AddField(
            "ResetWindow", "export_grace_days", models.PositiveSmallIntegerField(default=0, help_text=HELP)
        ),
        migrations.AlterField(
            "ResetWindow", "export_grace_days", models.PositiveSmallIntegerField(default=3, help_text=HELP)
        ),
        migrations.CreateModel(
            name="YearExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("suite", models.CharField(max_length=40)),
                ("school_year", models.PositiveSmallIntegerField()),
                (
                    "package_id",
                    models.UUIDField(help_text="Of the newest package; empty while none was made.", null=True),
                ),
                ("rows", models.BigIntegerField(default=0, help_text="Rows in the package.")),
                ("built_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(help_text="Its files were read back and counted.", null=True)),
                ("downloaded_at", models.DateTimeField(help_text="The first time, to its last byte.", null=True)),
                ("downloaded_by", models.CharField(blank=True, max_length=80)),
                ("gone_at", models.DateTimeField(help_text="Its file was destroyed.", null=True)),
                ("waived_at", models.DateTimeField(help_text="The reset need not wait for it.", null=True)),
                ("waived_by", models.CharField(blank=True, max_length=80)),
                ("waived_reason", models.CharField(blank=True, max_length=300)),
                (
                    "printed_at",
                    models.DateTimeField(help_text="The report that the source asks to print was printed.", null=True),
                ),
                ("printed_by", models.CharField(blank=True, max_length=80)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="year_exports",
                        to="tenants.district",
                    ),
                ),
            ],
            options={
                "ordering": ["-school_year", "suite"],
                "constraints": [
                    models.UniqueConstraint(fields=("district", "suite", "school_year"), name="one_export_per_year"),
                    models.CheckConstraint(
                        condition=models.Q(("package_id", None), ("built_at__isnull", False), _connector="OR"),
                        name="a_package_was_built",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("checked_at", None), ("built_at__isnull", False), _connector="OR"),
                        name="checked_after_built",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("downloaded_at", None), ("checked_at__isnull", False), _connector="OR"),
                        name="downloaded_after_checked",
                    ),
                ],
            },
        ),
    ]
