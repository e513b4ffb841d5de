"""Requests from before destructions went through approvals: none is lost, and none has to be decided twice."""

import datetime as dt
from uuid import uuid4

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_tenants.utils import schema_context

from approvals.models import Approval
from approvals.services import approve
from disposal.approving import use_for
from disposal.models import Case
from resets.engine.proof import run_deferred_checks
from tenants.models import District
from tests.disposal.conftest import ADMIN, CSM, NOW

BEFORE, AFTER = [("disposal", "0002_kept_counts")], [("disposal", "0004_one_mechanism")]
ROWS = {"rostering_student": 1, "literacy_usage": 99}
DUE = dt.date(2026, 9, 1)


def test_each_open_request_keeps_its_place(district: District) -> None:
    keys = {state: uuid4() for state in ("asked", "approved", "refused", "done", "export")}
    with schema_context("public"):
        old = MigrationExecutor(connection)
        case = old.migrate(BEFORE).apps.get_model("disposal", "Case")
        for state, key in keys.items():
            decided = {} if state in ("asked", "export") else {"decided_by": CSM, "decided_at": NOW}
            case.objects.create(
                pk=key, district_id=district.pk, kind="export" if state == "export" else "destruction", scope="student",
                state="approved" if state == "export" else state, asked_by=ADMIN, asked_at=NOW, due_on=DUE,
                ceiling=ROWS, counts=ROWS if state == "done" else {}, done_at=NOW if state == "done" else None,
                **decided,
            )  # fmt: skip
        run_deferred_checks()  # a table with pending ones is not altered; a real migration begins without any
        MigrationExecutor(connection).migrate(AFTER)
    now = {state: Case.objects.get(pk=key) for state, key in keys.items()}
    assert all(each.counts == ROWS for each in now.values())
    assert now["export"].approval_id is None
    states = {state: Approval.objects.get(pk=each.approval_id).state for state, each in now.items() if each.approval_id}
    assert states == {"asked": "asked", "approved": "approved", "refused": "refused", "done": "used"}
    assert use_for(now["approved"], ROWS, NOW) == (ADMIN, CSM)
    approve(Approval.objects.get(pk=now["asked"].approval_id), actor=CSM, at=NOW)
    assert Case.objects.get(pk=keys["asked"]).state == "approved"
    assert use_for(now["asked"], ROWS, NOW) == (ADMIN, CSM)
