"""A record that got a new id here is still known by its own when it comes again, and when it goes on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfer_imports", "0002_import_reason")]

    operations = [
        migrations.AddField(
            "importedrow",
            "source_id",
            models.UUIDField(
                null=True,
                help_text="The product's own event id, where the record could not have it because another student does.",
            ),
        ),
    ]
