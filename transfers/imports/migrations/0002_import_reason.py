"""A failed import says why, where that is known in plain words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfer_imports", "0001_transfers")]

    operations = [
        migrations.AddField(
            "import",
            "reason",
            models.CharField(
                blank=True,
                default="",
                help_text="Code of why it failed, where one is known.",
                max_length=40,
            ),
            preserve_default=False,
        ),
    ]
