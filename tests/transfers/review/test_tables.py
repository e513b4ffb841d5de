"""Pending and Completed Imports: the source's statuses, the numbers, what can be done, and how much it asks."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from tenants.clock import set_simulated_now
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import logged_in, visiting
from tests.transfers.review.conftest import World, build
from tests.transfers.review.test_pages import text
from tests.transfers.review.world import NOW, add_candidate, add_incoming, make_import, make_students
from tests.web.test_queries import queries
from transfers.codes.models import Kind
from transfers.imports import reasons
from transfers.imports.models import (
    Import,
    ImportedStudent,
    ImportState,
    IncomingStudent,
    ScoreStatus,
    SourceStatus,
)
from transfers.review.listing import completed_imports, pending_imports, undo_until
from transfers.review.status import status_chip

TAB = "/people/transfers/"


@pytest.fixture(autouse=True)
def _march(db: None) -> None:
    set_simulated_now(NOW)


def add_line(world: World, transfer: Import, name: str, student: int | None, **facts: Any) -> ImportedStudent:
    given, family = name.split()
    with enter_district(world.district):
        values = {"source_status": SourceStatus.UNCHANGED, "score_status": ScoreStatus.ALL, **facts}
        return ImportedStudent.objects.create(
            transfer=transfer, student_id=student, source_district_id=9, source_key=ImportedStudent.objects.count(),
            given_name=given, family_name=family, **values,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"students": 3, "imported": 3}, "Imported with no changes"),
        ({"students": 3, "imported": 3, "changed": 1}, "Imported with changes"),
        (
            {"students": 103, "imported": 98, "changed": 2},
            "98 of 103 students were imported because of conflicts with information already on your site",
        ),
        ({"students": 103, "imported": 98, "finished_at": None}, "Importing the remaining 5"),
        ({"state": ImportState.UNDONE, "students": 3}, "Taken back"),
        ({"state": ImportState.UNDONE, "students": 3, "imported": 1}, "Taken back, except for 1 of 3 students"),
        ({"state": ImportState.FAILED}, "Import Failed"),
    ],
)
def test_the_statuses_in_the_sources_words(facts: dict[str, Any], words: str) -> None:
    transfer = Import(**{"state": ImportState.COMPLETED, "finished_at": NOW, **facts})
    assert status_chip(transfer).words == words


def test_the_newest_is_at_the_top_and_each_in_its_table(world: World) -> None:
    district, here = world.district, world.here
    later = NOW + dt.timedelta(hours=1)
    newer = make_import(district, here, requested_at=later, state=ImportState.ANALYZING)
    elsewhere = make_import(district, world.elsewhere, requested_at=later + dt.timedelta(hours=1))
    ended = [
        make_import(district, here, state, finished_at=NOW, requested_at=NOW + dt.timedelta(minutes=number))
        for number, state in enumerate((ImportState.COMPLETED, ImportState.FAILED, ImportState.UNDONE))
    ]
    for state in (ImportState.CANCELLED, ImportState.EXPIRED):
        make_import(district, here, state)
    with enter_district(district):
        listed = [one.transfer.pk for one in pending_imports(None, NOW)]
        assert listed == [elsewhere.pk, newer.pk, world.transfer.pk]
        assert [one.transfer.pk for one in pending_imports(here, NOW)] == [newer.pk, world.transfer.pk]
        first = completed_imports(here, NOW, limit=2)
        assert [one.transfer.pk for one in first.imports] == [ended[2].pk, ended[1].pk]
        second = completed_imports(here, NOW, first.after, limit=2)
        assert ([one.transfer.pk for one in second.imports], second.after) == ([ended[0].pk], None)
        assert completed_imports(world.elsewhere, NOW).imports == []
        assert completed_imports(here, NOW, uuid.uuid4()).imports, "an unknown key begins at the newest"


def test_numbers_under_the_import_preview(world: World, admin: Client) -> None:
    page = text(admin.get(TAB))
    assert "<strong>2 new students</strong>, <strong>1 matched student</strong>" in page
    assert "1 student is especially in need of review" in page
    assert "Old School, Birch Unified" in page
    assert "hx-get" not in page, "nobody is at work"


def test_progress_is_live_and_silent_while_nothing_changes(world: World, admin: Client) -> None:
    analyzing = make_import(world.district, world.here, ImportState.ANALYZING, students=10)
    add_incoming(world.district, analyzing, ["A B", "C D", "E F"])
    page = text(admin.get(TAB))
    assert "3 of 10 students read so far" in page
    address = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert admin.get(address).status_code == 204
    add_incoming(world.district, analyzing, ["G H"])
    piece = text(admin.get(address))
    assert "4 of 10 students read so far" in piece
    assert "<html" not in piece
    with enter_district(world.district):
        Import.objects.filter(pk=analyzing.pk).update(state=ImportState.READY, students=4)
    assert "hx-get" not in text(admin.get(address))


def test_a_single_student_is_named(world: World, admin: Client) -> None:
    one = make_import(world.district, world.here, kind=Kind.STUDENT)
    add_incoming(world.district, one, ["Nia Single"])
    done = make_import(
        world.district, world.here, ImportState.COMPLETED, kind=Kind.STUDENT, students=1, imported=1, finished_at=NOW
    )
    add_line(world, done, "Lou Done", world.records["Zoe"])
    page = text(admin.get(TAB))
    assert ">Nia Single<" in page
    assert ">Lou Done<" in page
    assert ">Grade 5<" in page


def test_a_failed_import_names_its_reference_code(world: World, admin: Client) -> None:
    facts = {"finished_at": NOW, "reference": "7KQ2MX9P"}
    make_import(world.district, world.here, ImportState.FAILED, **facts)
    page = text(admin.get(TAB))
    assert "7KQ2MX9P" in page
    assert "you can enter the transfer code again" in page
    gone = make_import(world.district, world.here, ImportState.FAILED, **{**facts, "reason": reasons.NOBODY_LEFT})
    one = text(admin.get(f"/people/transfers/imports/{gone.pk}/"))
    assert reasons.in_words(reasons.NOBODY_LEFT) in one
    assert "enter the transfer code again" not in one


def test_import_students_and_the_message(world: World, admin: Client) -> None:
    before = text(admin.get(f"{world.path}students/"))
    assert "1 matched student gets" in before
    assert "2 new students are" in before
    answer = admin.post(f"{world.path}students/")
    assert answer.headers["Location"] == f"{world.path}students/"
    page = text(admin.get(f"{world.path}students/"))
    assert "transferred student data will be available on your site within 48 hours" in page
    assert "you will need to enroll the student(s) in their classes" in page
    assert "you will need to merge the new student records" in page
    assert ">OK<" in page
    admin.post(f"{world.path}students/")
    assert "being imported already" in text(admin.get(world.path))
    assert "Nothing can be decided now" in text(admin.get(world.edit("Ada")))


def test_cancelling_asks_first(world: World, admin: Client) -> None:
    asked = text(admin.get(f"{world.path}cancel/"))
    assert "Yes, Cancel" in asked
    assert admin.post(f"{world.path}cancel/").headers["Location"] == TAB
    assert "you can re-enter the transfer code" in text(admin.get(TAB))
    with enter_district(world.district):
        assert Import.objects.get().state == ImportState.CANCELLED
        assert not IncomingStudent.objects.exists()
    assert "cannot be cancelled any more" in text(admin.get(f"{world.path}cancel/"))
    admin.post(f"{world.path}cancel/")
    assert "cannot be cancelled any more" in text(admin.get(world.path))


def test_the_page_of_an_import_offers_what_is_left(world: World, admin: Client, school_admin: Client) -> None:
    done = make_import(
        world.district, world.here, ImportState.COMPLETED, finished_at=NOW, students=3, imported=2, changed=1, rows=40,
        approved_at=NOW, approved_by="system:x",
    )  # fmt: skip
    add_line(world, done, "Ada Moreno", world.records["Ada"], rows=30, known=4)
    add_line(world, done, "Zoe Elsewhere", world.records["Zoe"], is_new=True, rows=10)
    facts = {"source_status": SourceStatus.NOT_IMPORTED, "score_status": ScoreStatus.NONE}
    add_line(world, done, "Bo Conflict", None, reasons=[reasons.STATE_ID], **facts)
    add_incoming(world.district, done, ["Bo Conflict"])
    page = text(admin.get(f"/people/transfers/imports/{done.pk}/"))
    for words in ("Review the remaining 1", "Import the remaining 1", "View Import Log", "Take this import back"):
        assert words in page
    assert reasons.in_words(reasons.STATE_ID) in page
    assert page.count("Wrong match?") == 1
    assert f"/people/students/{world.records['Zoe']}/" in page
    assert f"/people/students/{world.records['Zoe']}/" not in text(
        school_admin.get(f"/people/transfers/imports/{done.pk}/")
    )
    student = text(admin.get(f"/people/students/{world.records['Ada']}/"))
    assert "Came with the transfer of Mar 2, 2026, 9:00 AM from Birch Unified, Old School" in student
    assert f"/people/transfers/imports/{done.pk}/" in student


def test_duplicates_are_offered_for_merging(world: World, admin: Client, school_admin: Client) -> None:
    done = make_import(world.district, world.here, ImportState.COMPLETED, finished_at=NOW, students=1, imported=1)
    [twin] = make_students(world.district, world.here, ["Ada Moreno"])
    add_line(world, done, "Ada Moreno", world.records["Ada"], is_new=True)
    for client in (admin, school_admin):
        page = text(client.get(f"/people/transfers/imports/{done.pk}/"))
        assert "The same name and birth date" in page
        assert f"/people/students/{twin}/merge/{world.records['Ada']}/" in page


def test_until_when_an_import_can_be_taken_back() -> None:
    done = Import(state=ImportState.COMPLETED, finished_at=NOW, imported=1)
    last = NOW + dt.timedelta(days=30)
    assert undo_until(done, last - dt.timedelta(seconds=1)) == last
    assert undo_until(done, last) is None
    assert undo_until(Import(state=ImportState.COMPLETED, finished_at=NOW, imported=0), NOW) is None
    assert undo_until(Import(state=ImportState.FAILED, finished_at=NOW, imported=1), NOW) is None


def test_a_visitor_sees_the_tables_and_no_button(world: World) -> None:
    page = text(visiting(world.district).get(world.path))
    assert "Import Students" not in page
    assert "Cancel Import" not in page


def crowded(district: District, students: int, imports: int) -> dict[str, str]:
    """The pages of a district with so many students in an import, and so many imports in each table."""
    world = build(district)
    names = [f"Given{number:03} Family{number:03}" for number in range(students)]
    records = make_students(district, world.here, names)
    keys = add_incoming(district, world.transfer, names, band="review")
    with enter_district(district):
        for key, record in zip(keys, records, strict=True):
            IncomingStudent.objects.filter(pk=key).update(match_key=record, decision="match", decided_by="x:1")
    for record in records[:5]:
        add_candidate(district, world.incoming["Kit"], record)
    done = make_import(district, world.here, ImportState.COMPLETED, finished_at=NOW, students=students, imported=1)
    for name, record in zip(names, records, strict=True):
        add_line(world, done, name, record)
    for number in range(imports):
        one = make_import(district, world.here, kind=Kind.STUDENT)
        add_incoming(district, one, [f"Single{number} Student"])
        make_import(district, world.here, ImportState.COMPLETED, kind=Kind.STUDENT, finished_at=NOW, students=1)
    return {
        "tab": TAB,
        "progress": f"{TAB}progress/",
        "import": f"/people/transfers/imports/{done.pk}/",
        "list": f"{world.path}review/?status=matched",
        "student": f"{world.edit('Kit')}?in_grade=05",
        "undo": f"/people/transfers/imports/{done.pk}/undo/",
        "cancel": f"{world.path}cancel/",
        "record": f"/people/students/{world.records['Ada']}/",
    }


def test_no_page_asks_more_of_a_large_import(district: District, other_district: District) -> None:
    counted: dict[str, list[int]] = {}
    for place, students, imports in ((district, 10, 2), (other_district, 300, 15)):
        pages = crowded(place, students, imports)
        client = logged_in(place, Role.DISTRICT_ADMIN)
        for name, address in pages.items():
            counted.setdefault(name, []).append(queries(client, address))
    assert {name: numbers for name, numbers in counted.items() if numbers[0] != numbers[1]} == {}
    assert max(numbers[0] for numbers in counted.values()) <= 40
