"""Adds a column, a constraint whose name Django looks up, and an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sessions", "0001_initial")]
    operations = [
        migrations.AddField("session", "device", models.CharField(max_length=40, default="unknown", unique=True)),
        migrations.AlterField("session", "device", models.CharField(max_length=60, default="unknown")),
        migrations.AddIndex("session", models.Index(fields=["device"], name="session_device")),
    ]
