"""What an approval keeps now is not kept twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disposal", "0003_destructions_by_approval")]

    operations = [
        migrations.RemoveConstraint("case", "a_destruction_takes_two_people"),
        migrations.RemoveField("case", "ceiling"),
        migrations.RemoveField("case", "decided_by"),
        migrations.RemoveField("case", "decided_at"),
        migrations.RemoveField("case", "decision_reason"),
    ]
