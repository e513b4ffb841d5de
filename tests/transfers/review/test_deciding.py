"""Decisions: never two onto one record, never over another reviewer's, only while something can be imported."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from rostering.models import StudentIdentity
from tenants.models import District
from tenants.schema import enter_district
from tests.transfers.review.world import NOW, add_incoming, make_import, make_school, make_students
from transfers.imports.errors import TransferRefusedError
from transfers.imports.models import (
    Decision,
    Import,
    ImportedStudent,
    ImportState,
    IncomingStudent,
    ScoreStatus,
    SourceStatus,
)
from transfers.review.deciding import create_new_student, match_student
from transfers.review.errors import AlreadyDecidedError, RecordTakenError

DANA, SAM = "district_admin:1", "school_admin:2"


@pytest.fixture
def school(district: District) -> int:
    return make_school(district, "Lincoln")


def row(key: int) -> IncomingStudent:
    return IncomingStudent.objects.get(pk=key)


def test_matching_and_making_new(district: District, school: int) -> None:
    [ada] = make_students(district, school, ["Ada Moreno"])
    transfer = make_import(district, school)
    [key] = add_incoming(district, transfer, ["Ada Moreno"], band="review")
    with enter_district(district):
        assert row(key).is_flagged
        now = match_student(key, ada, 0, actor=DANA, at=NOW)
        assert (now.match_key, now.decision, now.decided_by, now.decided_at) == (ada, Decision.MATCH, DANA, NOW)
        assert (now.version, now.is_flagged) == (1, False)
        again = create_new_student(key, 1, actor=SAM, at=NOW)
        assert (again.match_key, again.decision, again.decided_by, again.version) == (None, Decision.NEW, SAM, 2)


def test_the_second_reviewer_is_told_and_nothing_is_overwritten(district: District, school: int) -> None:
    ada, eve = make_students(district, school, ["Ada Moreno", "Eve Moreno"])
    transfer = make_import(district, school)
    [key] = add_incoming(district, transfer, ["Ada Moreno"])
    with enter_district(district):
        match_student(key, ada, 0, actor=DANA, at=NOW)
        for decide in (
            lambda: match_student(key, eve, 0, actor=SAM, at=NOW),
            lambda: create_new_student(key, 0, actor=SAM, at=NOW),
        ):
            with pytest.raises(AlreadyDecidedError) as told:
                decide()
            assert (told.value.incoming.decided_by, told.value.incoming.match_key) == (DANA, ada)
        assert (row(key).match_key, row(key).version) == (ada, 1)


def test_never_two_onto_one_record(district: District, school: int) -> None:
    [ada] = make_students(district, school, ["Ada Moreno"])
    transfer = make_import(district, school)
    first, second = add_incoming(district, transfer, ["Ada Moreno", "Adah Moreno"])
    with enter_district(district):
        match_student(first, ada, 0, actor=DANA, at=NOW)
        with pytest.raises(RecordTakenError) as told:
            match_student(second, ada, 0, actor=DANA, at=NOW)
        assert (told.value.name, told.value.incoming) == ("Ada Moreno", first)
        assert (row(second).match_key, row(second).version, row(second).decision) == (None, 0, "")
        create_new_student(first, 1, actor=DANA, at=NOW)
        assert match_student(second, ada, 0, actor=DANA, at=NOW).match_key == ada


def test_a_record_to_which_somebody_of_the_import_went_already_is_taken(district: District, school: int) -> None:
    [ada] = make_students(district, school, ["Ada Moreno"])
    transfer = make_import(district, school, ImportState.COMPLETED, finished_at=NOW, students=2, imported=1)
    [key] = add_incoming(district, transfer, ["Adah Moreno"])
    with enter_district(district):
        ImportedStudent.objects.create(
            transfer=transfer, student_id=ada, source_district_id=9, source_key=77, given_name="Ada",
            family_name="Moreno", source_status=SourceStatus.UNCHANGED, score_status=ScoreStatus.ALL,
        )  # fmt: skip
        with pytest.raises(RecordTakenError) as told:
            match_student(key, ada, 0, actor=DANA, at=NOW)
        assert (told.value.name, told.value.incoming) == ("Ada Moreno", None)
        assert create_new_student(key, 0, actor=DANA, at=NOW).decision == Decision.NEW


@pytest.mark.parametrize("state", [state for state in ImportState if state != ImportState.READY])
def test_only_while_it_is_ready_or_has_remaining_students(district: District, school: int, state: str) -> None:
    transfer = make_import(district, school, state)
    [key] = add_incoming(district, transfer, ["Ada Moreno"])
    with enter_district(district), pytest.raises(TransferRefusedError):
        create_new_student(key, 0, actor=DANA, at=NOW)
    with enter_district(district):
        Import.objects.filter(pk=transfer.pk).update(finished_at=NOW, students=1)
        if state == ImportState.COMPLETED:
            assert create_new_student(key, 0, actor=DANA, at=NOW).version == 1
        assert row(key).version == (state == ImportState.COMPLETED)


def test_not_to_a_record_that_is_gone_nor_after_thirty_days(district: District, school: int) -> None:
    [ada] = make_students(district, school, ["Ada Moreno"])
    transfer = make_import(district, school)
    [key] = add_incoming(district, transfer, ["Ada Moreno"])
    with enter_district(district):
        with pytest.raises(TransferRefusedError, match="within 30 days"):
            match_student(key, ada, 0, actor=DANA, at=NOW + dt.timedelta(days=30))
        StudentIdentity.objects.filter(pk=ada).delete()
        with pytest.raises(TransferRefusedError, match="not on this site any more"):
            match_student(key, ada, 0, actor=DANA, at=NOW)
        IncomingStudent.objects.filter(pk=key).delete()
        with pytest.raises(TransferRefusedError, match="not to be reviewed any more"):
            create_new_student(key, 0, actor=DANA, at=NOW)


def at_once(district: District, *deeds: Callable[[], Any]) -> list[Any]:
    """Do things in threads of their own at the same moment; what each returned or raised."""
    start = threading.Barrier(len(deeds))
    done: list[Any] = [None] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait(30)
            with enter_district(district):
                done[number] = deed()
        except Exception as error:
            done[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return done


def test_reviewers_at_the_same_moment(committed_district: District) -> None:
    district = committed_district
    school = make_school(district, "Lincoln")
    ada, eve = make_students(district, school, ["Ada Moreno", "Eve Moreno"])
    transfer = make_import(district, school)
    one, two, three = add_incoming(district, transfer, ["Ada Moreno", "Adah Moreno", "Eve Moreno"])
    same = at_once(
        district,
        *(lambda who=who: match_student(three, eve, 0, actor=who, at=NOW) for who in (DANA, SAM, "district_admin:3")),
    )
    assert sorted(type(each).__name__ for each in same) == ["AlreadyDecidedError"] * 2 + ["IncomingStudent"]
    [first] = [each for each in same if isinstance(each, IncomingStudent)]
    assert {each.incoming.decided_by for each in same if each is not first} == {first.decided_by}
    both = at_once(
        district,
        lambda: match_student(one, ada, 0, actor=DANA, at=NOW),
        lambda: match_student(two, ada, 0, actor=SAM, at=NOW),
    )
    assert sorted(type(each).__name__ for each in both) == ["IncomingStudent", "RecordTakenError"]
    with enter_district(district):
        assert IncomingStudent.objects.filter(match_key=ada).count() == 1
        assert row(three).version == 1
