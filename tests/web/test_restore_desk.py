"""Undoing a reset at the desk: seen before, asked of a second person, started, told afterwards, and reset again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from approvals.models import Approval
from products.literacy.models import Usage
from resets.engine import execute
from resets.models import ResetRun, ResetSchedule, RestoreState, RunState
from resets.restoring.execute import execute_restore
from tenants.models import Csm, District
from tenants.schema import enter_district
from tests.resets.conftest import filled, make_run
from tests.support.people import logged_in

__all__ = ["filled", "make_run"]


@pytest.fixture
def reset(filled: Callable[..., District], make_run: Callable[..., ResetRun], clock: Callable[[str], Any]) -> ResetRun:
    clock("2026-08-03T15:00+00:00")
    district = filled(suites="literacy", students=400)
    run = make_run(district, "literacy")
    run.schedule = ResetSchedule.objects.create(district=district, suite="literacy", school_year=2026, on=run.on)
    run.save(update_fields=["schedule"])
    assert execute(run.pk) == RunState.COMPLETED
    own = Csm.objects.create(name="Casey", email="casey@vendor.example")
    District.objects.filter(pk=district.pk).update(csm=own)
    return ResetRun.objects.get(pk=run.pk)


def live(district: District) -> int:
    with enter_district(district):
        return Usage.objects.filter(school_year=2026).count()


def test_from_the_run_to_what_came_back_and_again(reset: ResetRun) -> None:
    casey = logged_in(None, Role.CSM, "casey@vendor.example")
    sam = logged_in(None, Role.SUPERUSER, "sam@vendor.example")
    stranger = logged_in(None, Role.CSM, "other@vendor.example")
    page = f"/admin/resets/resetrun/{reset.pk}/restore/"
    assert "Undo this reset" in text(casey, f"/admin/resets/resetrun/{reset.pk}/change/")
    assert stranger.get(page).status_code == 404
    shown = text(casey, page)
    assert "Not restorable, because the policy deletes it: Avatars" in shown
    assert "Usage" in shown

    refused = casey.post(page, {"do": "ask", "what": "all", "reason": ""})
    assert refused.status_code == 400
    assert "Give the reason" in refused.content.decode()
    answer = casey.post(page, {"do": "ask", "what": "all", "reason": "The wrong date was agreed."})
    approval = Approval.objects.get(kind="restore")
    assert answer["Location"].endswith(f"/admin/approvals/approval/{approval.pk}/change/")
    assert "second person must decide" in text(casey, answer["Location"])
    assert "It cannot be started" in casey.post(page, {"do": "start"}, follow=True).content.decode()
    assert casey.post(answer["Location"], {"do": "approve"}).status_code == 400
    assert stranger.get(answer["Location"]).status_code in (302, 404)
    assert "The wrong date was agreed." in text(sam, "/admin/approvals/approval/") + text(sam, answer["Location"])
    assert "Approved" in sam.post(answer["Location"], {"do": "approve"}, follow=True).content.decode()
    assert "Restore now" in text(casey, page)
    casey.post(page, {"do": "start"})
    restore = reset.restores.get()
    assert restore.state == RestoreState.QUEUED
    before = live(reset.district)
    assert execute_restore(restore.pk) == RestoreState.COMPLETED
    assert live(reset.district) > before == 0
    assert "rows came back" in text(casey, page)
    assert "Undone since" in text(casey, f"/admin/resets/resetrun/{reset.pk}/change/")

    admin = logged_in(reset.district, Role.DISTRICT_ADMIN)
    home, own = text(admin, "/"), text(admin, f"/resets/runs/{reset.pk}/")
    assert home.count("reset undone") == 2, "in the year's order, and among what has been done"
    assert "Undone since" in own
    for shown in (home, own):
        assert "asked by your customer success manager, approved by the vendor&#x27;s staff" in shown
        assert "whole suite" in shown.lower()
    assert "Reset undone" in text(casey, f"/admin/resets/resetschedule/timeline/{reset.district_id}/")

    answer = casey.post(page, {"do": "repeat", "reason": "The right date is today."})
    assert "second person first" in casey.post(page, {"do": "again"}).content.decode()
    sam.post(answer["Location"], {"do": "approve"})
    assert "Reset again now" in text(casey, page)
    casey.post(page, {"do": "again"})
    second = ResetRun.objects.exclude(pk=reset.pk).get()
    assert execute(second.pk) == RunState.COMPLETED, ResetRun.objects.get(pk=second.pk).error
    assert live(reset.district) == 0
    assert Approval.objects.get(kind="repeat_reset").state == "used"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()
