"""A schedule may name the approval of a date before the window's earliest one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resets", "0008_restores_go_forward")]

    operations = [
        migrations.AddField(
            "ResetSchedule",
            "approval_id",
            models.UUIDField(
                null=True, blank=True, help_text="Of a date before the window's earliest one: two people stand for it."
            ),
        ),
    ]
