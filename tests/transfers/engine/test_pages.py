"""The pages of an import that is done: its log, taking it back, and taking a wrong match apart."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from tenants.clock import set_simulated_now
from tenants.schema import enter_district
from tests.support.people import logged_in
from tests.transfers.engine.conftest import Move
from tests.transfers.engine.world import NOW, RECORDS, analyzed, imported, make_school, make_student, records_of
from transfers.imports.log import HEADER
from transfers.imports.models import Import, ImportedStudent, ImportState

STAY = 2 * RECORDS


@pytest.fixture
def done(move: Move) -> Import:
    set_simulated_now(NOW)
    return imported(move.destination, analyzed(move.code, move.destination, move.new_school))


@pytest.fixture
def admin(move: Move) -> Client:
    return logged_in(move.destination, Role.DISTRICT_ADMIN)


def text(response: Any) -> str:
    assert response.status_code == 200, response.content.decode()
    return " ".join(response.content.decode().split())


def path(transfer: Import) -> str:
    return f"/people/transfers/imports/{transfer.pk}/"


def line(move: Move, name: str) -> ImportedStudent:
    with enter_district(move.destination):
        return ImportedStudent.objects.get(given_name=name)


def test_the_log_opens_in_a_spreadsheet(done: Import, admin: Client) -> None:
    answer: Any = admin.get(f"{path(done)}log.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == list(HEADER)
    assert [row[0] for row in rows[1:]] == ["Ada", "Ben", "Cleo"]


def test_taking_back_says_before_and_after_what_it_does(move: Move, done: Import, admin: Client) -> None:
    asked = text(admin.get(f"{path(done)}undo/"))
    assert f"{3 * STAY} records that the import brought are taken off 3 students" in asked
    assert "2 students whom the import made go from your site" in asked
    admin.post(f"{path(done)}undo/", {"students": "3", "records": "1"})
    assert "The data has changed since the page was opened" in text(admin.get(f"{path(done)}undo/"))
    answer = admin.post(f"{path(done)}undo/", {"students": "3", "records": str(3 * STAY)})
    assert answer.headers["Location"] == path(done)
    page = text(admin.get(path(done)))
    assert f"Taken back: 3 students and {3 * STAY} records." in page
    assert "undo/" not in page
    assert len(records_of(move.destination, move.known)) == RECORDS
    with enter_district(move.destination):
        assert Import.objects.get().state == ImportState.UNDONE
    assert "cannot be taken back" in text(admin.get(f"{path(done)}undo/"))


def test_after_thirty_days_it_is_not_offered(move: Move, done: Import, admin: Client) -> None:
    assert "Take this import back" in text(admin.get(path(done)))
    set_simulated_now(NOW + dt.timedelta(days=30))
    late = logged_in(move.destination, Role.DISTRICT_ADMIN, "late@a.example")
    assert "Take this import back" not in text(late.get(path(done)))
    assert "30 days, and they are over" in text(late.get(f"{path(done)}undo/"))


def test_a_wrong_match_goes_on_to_another_or_a_new_student(move: Move, done: Import, admin: Client) -> None:
    other = make_student(move.destination, move.new_school, "Adele", "Moreno")
    address = f"{path(done)}lines/{line(move, 'Ada').pk}/split/"
    assert "The transferred records are with Ada Moreno" in text(admin.get(address))
    found = text(admin.get(admin.post(address, {"term": "adele"}).headers["Location"].partition("#")[0]))
    assert f'href="?to={other}"' in found
    preview = text(admin.get(f"{address}?to={other}"))
    assert f"{STAY} records of this import will move to Adele Moreno" in preview
    admin.post(address, {"to": str(other), "records": "1"})
    assert "Nothing was changed. Look again." in text(admin.get(address))
    assert admin.post(address, {"to": str(other), "records": str(STAY)}).headers["Location"] == path(done)
    assert len(records_of(move.destination, other)) == STAY
    assert len(records_of(move.destination, move.known)) == RECORDS
    assert "A new record cannot be made" in text(admin.get(address)), "the state ID is Ada's"


def test_a_school_admin_moves_within_the_own_school(move: Move, done: Import) -> None:
    elsewhere = make_school(move.destination, "Elsewhere")
    far = make_student(move.destination, elsewhere, "Adele", "Moreno")
    near = logged_in(move.destination, Role.SCHOOL_ADMIN, "near@a.example", school_id=move.new_school)
    other = logged_in(move.destination, Role.SCHOOL_ADMIN, "far@a.example", school_id=elsewhere)
    address = f"{path(done)}lines/{line(move, 'Ada').pk}/split/"
    near.post(address, {"term": "adele"})
    assert "?to=" not in text(near.get(address)).replace("?to=new", "")
    near.post(address, {"to": str(far), "records": str(STAY)})
    assert "not on this site any more" in text(near.get(address))
    assert {other.get(address).status_code, other.post(address, {"to": "new"}).status_code} == {404}
    assert line(move, "Ada").student_id == move.known
