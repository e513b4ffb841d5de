"""The pages: a preview that destroys nothing, a word that confirms, the second person's decision, the download."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from approvals.models import Approval
from approvals.services import approve, mark_stale
from disposal.models import Case, CaseKind, CaseScope
from disposal.requests.models import DisposalRequest
from disposal.services import dispose
from ledger.models import LedgerEntry
from rostering.models import StudentIdentity
from sweeps.models import Incident, Sweep
from tenants.models import Csm, District, Job
from tenants.schema import enter_district
from tests.disposal.conftest import NOW
from tests.support.people import logged_in
from tests.web.conftest import JUNE, _files_of_this_test, admin, june, rostered

__all__ = ["_files_of_this_test", "admin", "june", "rostered"]


@pytest.fixture
def csm(rostered: District) -> Client:
    District.objects.filter(pk=rostered.pk).update(csm=Csm.objects.create(name="Casey", email="casey@vendor.example"))
    return logged_in(None, Role.CSM, "casey@vendor.example")


def test_a_destruction_from_the_preview_to_its_result(town: District, clock: Callable[[str], Any]) -> None:
    clock("2026-08-03T15:00:00+00:00")
    rostered, admin = town, logged_in(town, Role.DISTRICT_ADMIN)
    District.objects.filter(pk=rostered.pk).update(csm=Csm.objects.create(name="Casey", email="casey@vendor.example"))
    csm = logged_in(None, Role.CSM, "casey@vendor.example")
    with enter_district(rostered):
        gone = StudentIdentity.objects.filter(student__status="active").order_by("pk")[0]
    found = admin.post("/requests/", {"term": gone.family_name}, follow=True).content.decode()
    assert f"/requests/new/destruction/?student={gone.pk}" in found
    page = f"/requests/new/destruction/?student={gone.pk}"
    shown = admin.get(page).content.decode()
    assert "their own copy" in shown or "own copy" in shown
    assert "Names, IDs and demographics" in shown
    wrong = {"student": gone.pk, "asker": "parent", "confirmed": "somebody"}
    assert admin.post("/requests/new/destruction/", wrong).status_code == 400
    assert not Case.objects.exists()
    right = {**wrong, "confirmed": gone.student_number or gone.family_name}
    assert admin.post("/requests/new/destruction/", right).status_code == 302
    case = Case.objects.get()
    assert admin.get(f"/requests/{case.pk}/").status_code == 200

    desk = f"/admin/disposal/case/{case.pk}/change/"
    assert gone.student_number not in csm.get(desk).content.decode()
    assert csm.post(desk, {"do": "refuse", "reason": ""}).status_code == 400
    assert "Destruction of one student&#x27;s data: due on September 2" in admin.get("/").content.decode()
    assert csm.post(desk, {"do": "approve"}).status_code == 302
    with enter_district(rostered):
        dispose(rostered, Job.objects.get(kind="dispose"))
        assert not StudentIdentity.objects.filter(pk=gone.pk).exists()
    assert gone.student_number not in admin.get(f"/requests/{case.pk}/").content.decode()
    assert "What was done" in csm.get(desk).content.decode()
    assert f"/requests/{case.pk}/" in admin.get("/").content.decode(), "among what has been done"


def test_a_request_is_asked_again_and_taken_back_by_the_district(town: District, clock: Callable[[str], Any]) -> None:
    admin = logged_in(town, Role.DISTRICT_ADMIN)
    with enter_district(town):
        gone = StudentIdentity.objects.filter(student__status="active").order_by("pk")[0]
    asked = {"student": gone.pk, "asker": "parent", "confirmed": gone.student_number or gone.family_name}
    admin.post("/requests/new/destruction/", asked)
    case = Case.objects.get()
    page = f"/requests/{case.pk}/"
    assert "has to approve it by" in admin.get(page).content.decode()
    mark_stale_after_approval(case)
    shown = admin.get(page).content.decode()
    assert "has to be asked for again" in shown
    home = admin.get("/").content.decode()
    assert "Now, yours" in home[home.index("Destruction of one student") :][:600]
    assert admin.post(page, {"do": "again"}).status_code == 302
    assert Approval.objects.filter(state="asked").count() == 1
    assert admin.post(page, {"do": "again"}).status_code == 400
    assert admin.post(page, {"do": "back"}).status_code == 302
    assert "Taken back" in admin.get(page).content.decode()
    assert admin.post(page, {"do": "back"}).status_code == 400


def mark_stale_after_approval(case: Case) -> None:
    approval = Approval.objects.get(pk=case.approval_id)
    approve(approval, actor="csm:9", at=NOW)
    mark_stale(approval.pk, "rows would concern 90 rows, and at most 70 were approved.", at=NOW)


def test_an_export_is_downloaded_by_the_admin_only_and_written_down(rostered: District, admin: Client) -> None:
    assert admin.post("/requests/new/export/", {"asker": "district"}).status_code == 302
    case = Case.objects.get()
    with enter_district(rostered):
        dispose(rostered, Job.objects.get(kind="dispose"))
    school_admin = logged_in(rostered, Role.SCHOOL_ADMIN, school_id=1)
    assert school_admin.post(f"/requests/{case.pk}/download/").status_code == 403
    answer = admin.post(f"/requests/{case.pk}/download/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert LedgerEntry.objects.get(kind="disposal_downloaded").facts == {"case": str(case.pk)}
    with enter_district(rostered):
        DisposalRequest.objects.update(file="")
    assert "somebody in it was anonymized or destroyed" in admin.get(f"/requests/{case.pk}/").content.decode()
    Case.objects.update(kept_until=dt.date(2026, 6, 1))
    assert "The file was kept until" in admin.get(f"/requests/{case.pk}/").content.decode()


def test_lists_have_what_is_overdue_on_top_and_cost_no_more_with_more_rows(
    rostered: District, admin: Client, csm: Client
) -> None:
    def more(days: int, count: int) -> None:
        for _ in range(count):
            Case.objects.create(
                district=rostered,
                kind=CaseKind.DESTRUCTION,
                scope=CaseScope.STUDENT,
                asked_by="district_admin:1",
                asked_at=JUNE,
                due_on=dt.date(2026, 6, 24) + dt.timedelta(days=days),
            )

    def cost(client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    more(20, 2)
    places = ((admin, "/requests/"), (csm, "/admin/disposal/case/"))
    before = [cost(*each) for each in places]
    more(-1, 4)
    assert [cost(*each) for each in places] == before
    for client, address in places:
        text = client.get(address).content.decode()
        assert text.index("Overdue") < text.index("Waits for approval", text.index("Overdue"))


def test_an_incident_is_closed_with_a_reason(rostered: District, csm: Client, june: dt.datetime) -> None:
    sweep = Sweep.objects.create(
        district=rostered, ledger_number=1, what="destruction", asked_at=june, people=1, samples=3,
        finished_at=june, hits={"public.x.y": 2},
    )  # fmt: skip
    incident = Incident.objects.create(sweep=sweep, district=rostered, opened_at=june)
    page = f"/admin/sweeps/incident/{incident.pk}/change/"
    assert "public.x.y" in csm.get(page).content.decode()
    for missing in ({"outcome": "removed", "reason": ""}, {"reason": "An old file."}):
        assert csm.post(page, missing).status_code == 400
    assert not LedgerEntry.objects.filter(kind="incident_closed").exists()
    said = {"outcome": "removed", "reason": "An old file; removed."}
    assert csm.post(page, said).status_code == 302
    assert csm.post(page, said).status_code == 400
    entry = LedgerEntry.objects.get(kind="incident_closed")
    assert entry.actor.startswith("csm:")
    assert entry.facts == {
        "incident": incident.pk, "sweep": str(sweep.pk), "entry": 1, "outcome": "removed", "found": 2,
    }  # fmt: skip
    shown = csm.get(page).content.decode()
    assert f"Entry {entry.number}" in shown
    assert "It was theirs, and is removed now" in shown
    assert csm.get("/admin/sweeps/incident/").status_code == 200
    assert csm.get("/admin/sweeps/sweep/").status_code == 200
    assert logged_in(None, Role.CSM, "other@vendor.example").get(page).status_code in (302, 404)
