"""Each destruction that was asked for, decided or done has an approval, with what it was bound to."""

import datetime as dt
from typing import Any

from django.db import migrations, models
from django.db.models import Q

STATES = {"asked": "asked", "approved": "approved", "done": "used", "refused": "refused"}
VALID = dt.timedelta(days=14)


def make_approvals(apps: Any, _editor: Any) -> None:
    """Whoever waits for the second person goes on waiting, and what is approved is still approved."""
    from resets.policies.registry import policy_for  # noqa: PLC0415 - it is bound to the policy of the migration's day

    case_model, approval_model = apps.get_model("disposal", "Case"), apps.get_model("approvals", "Approval")
    soon = dt.datetime.now(dt.UTC) + VALID
    for case in case_model.objects.filter(kind="destruction", approval_id=None):
        scope: dict[str, Any] = {"whose": "one student"}
        if case.scope == "district":
            scope = {"whose": "the whole district", "no export first": bool(case.waived_reason)}
        rows = sum(case.ceiling.values())
        approval = approval_model.objects.create(
            district_id=case.district_id, kind="destruction", subject=f"case:{case.pk}", scope=scope,
            policy_version=policy_for("disposal").version, on=case.due_on,
            ceiling={"rows": int(rows * 1.1) + 1, "students": case.ceiling.get("rostering_student", 0)},
            reason="Asked for by the district.", asked_by=case.asked_by, asked_at=case.asked_at,
            state=STATES[case.state], decided_by=case.decided_by, decided_at=case.decided_at,
            decision_reason=case.decision_reason[:300], used_at=case.done_at,
            expires_at=max(soon, dt.datetime.combine(case.due_on, dt.time(), dt.UTC) + VALID),
        )  # fmt: skip
        case_model.objects.filter(pk=case.pk).update(approval_id=approval.pk)
    for case in case_model.objects.filter(counts={}):
        case_model.objects.filter(pk=case.pk).update(counts=case.ceiling)


class Migration(migrations.Migration):
    dependencies = [("approvals", "0002_states_go_forward"), ("disposal", "0002_kept_counts")]

    operations = [
        migrations.AddField(
            "case",
            "approval_id",
            models.UUIDField(null=True, help_text="Of a destruction: the approval that was asked for last."),
        ),
        migrations.AlterField(
            "case",
            "state",
            models.CharField(
                choices=[
                    ("asked", "Waits for approval"),
                    ("approved", "Approved, in work"),
                    ("done", "Done"),
                    ("stale", "To be asked again"),
                    ("refused", "Refused"),
                    ("withdrawn", "Taken back"),
                ],
                default="asked",
                max_length=9,
            ),
        ),
        migrations.AlterField(
            "case",
            "counts",
            models.JSONField(
                default=dict,
                help_text="Rows per table: as the preview showed them, then as they were exported or destroyed.",
            ),
        ),
        migrations.RunPython(make_approvals, migrations.RunPython.noop),
        migrations.RemoveIndex("case", "cases_due"),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["due_on", "id"], name="cases_due", condition=Q(state__in=["asked", "approved", "stale"])
            ),
        ),
    ]
