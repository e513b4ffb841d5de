"""Works on the data of each district."""

from typing import Any

from django.db import migrations, models


def name_devices(apps: Any, schema_editor: Any) -> None:
    session = apps.get_model("sessions", "Session")
    for row in session.objects.all():
        row.device = f"device of {row.session_key}"
        row.save()


class Migration(migrations.Migration):
    dependencies = [("sessions", "0001_initial")]
    operations = [
        migrations.AddField("session", "device", models.CharField(max_length=80, default="unknown")),
        migrations.RunPython(name_devices, migrations.RunPython.noop),
    ]
