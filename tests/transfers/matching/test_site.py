"""An import's analysis in a district: whom it looks at, what it writes, and that it writes the same again."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostering.models import (
    Guardian,
    GuardianIdentity,
    School,
    Student,
    StudentDemographics,
    StudentGuardian,
    StudentIdentity,
)
from transfers.imports.models import Import, IncomingStudent, MatchCandidate
from transfers.matching import site
from transfers.matching.services import match_incoming

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
BORN = dt.date(2014, 3, 7)


@pytest.fixture
def transfer(entered):
    school = School.objects.create(sourced_id="school", name="School")
    return Import.objects.create(
        code_id=uuid.uuid4(), source_district_id=9, source_district="Elsewhere", source_school="", kind="grade",
        school=school, requested_by="district_admin:1", requested_at=NOON, expires_at=NOON + dt.timedelta(days=30),
    )  # fmt: skip


def make_known(given, family, status="active", **facts):
    """A student of the site, with a guardian."""
    student = Student.objects.create(grade="05", school_year=2026, rostered_on=dt.date(2025, 8, 20), status=status)
    facts = {"birth_date": BORN, "sourced_id": f"s{student.pk}", **facts}
    StudentIdentity.objects.create(student=student, given_name=given, family_name=family, **facts)
    StudentDemographics.objects.create(student=student, sex="female")
    adult = Guardian.objects.create()
    GuardianIdentity.objects.create(guardian=adult, sourced_id=f"g{adult.pk}", given_name="Ana", family_name=family)
    StudentGuardian.objects.create(student=student, guardian=adult)
    return student.pk


def make_incoming(transfer, given, family, **facts):
    """A staged student."""
    facts = {"birth_date": BORN, "grade": "05", "sex": "female", **facts}
    guardians = [{"given_name": "Ana", "family_name": family, "email": "", "phone": "", "relation": "mother"}]
    return IncomingStudent.objects.create(
        transfer=transfer, source_key=IncomingStudent.objects.count() + 1, given_name=given, family_name=family,
        guardians=guardians, **facts,
    )  # fmt: skip


def outcome(transfer):
    """Name, band and match of each incoming student, and the candidates."""
    rows = IncomingStudent.objects.filter(transfer=transfer).order_by("pk")
    found = MatchCandidate.objects.order_by("incoming", "-probability").values_list(
        "incoming_id", "student_id", "evidence"
    )
    return [(row.given_name, row.band, row.match_key) for row in rows], list(found)


def test_students_are_matched_with_evidence(transfer):
    known = make_known("Lucía", "Garcia-Lopez", state_id="9000000017")
    make_known("Wren", "Abbott", birth_date=dt.date(2010, 1, 1))
    lucia = make_incoming(transfer, "Lucia", "Lopez Garcia", state_id="9000000017")
    make_incoming(transfer, "Priya", "Nair", birth_date=dt.date(2013, 9, 9))

    match_incoming(transfer)

    rows, candidates = outcome(transfer)
    assert rows == [("Lucia", "matched", known), ("Priya", "new", None)]
    ((incoming_id, student_id, evidence),) = candidates
    assert (incoming_id, student_id) == (lucia.pk, known)
    assert {
        "field": "Family name",
        "verdict": "partly",
        "words": "Lopez Garcia and Garcia-Lopez: the same parts in another order",
    } in evidence
    assert {"field": "State ID", "verdict": "same", "words": "9000000017: the same"} in evidence
    assert {"field": "Guardians", "verdict": "partly"}.items() <= evidence[-2].items()


def test_who_counts_and_who_came_before(transfer):
    for status in ("merged", "anonymized"):
        make_known("Lucía", "Garcia", status=status)
    gone = make_known("Ruth", "Osei", status="inactive")
    before = make_known("Vera", "Moss")
    make_incoming(transfer, "Lucía", "Garcia")
    make_incoming(transfer, "Ruth", "Osei")
    row = make_incoming(transfer, "Vera", "Moss", birth_date=None)

    match_incoming(transfer, {row.source_key: before})

    assert outcome(transfer)[0] == [("Lucía", "new", None), ("Ruth", "matched", gone), ("Vera", "matched", before)]


def test_once_more_gives_the_same_and_leaves_decisions_alone(transfer):
    known, other = make_known("Lucía", "Garcia"), make_known("Wren", "Abbott")
    make_incoming(transfer, "Lucía", "Garcia")
    decided = make_incoming(transfer, "Wren", "Abbott", decision="match", band="review", match_key=other)

    match_incoming(transfer)
    first = outcome(transfer)
    match_incoming(transfer)

    assert outcome(transfer) == first
    assert first[0] == [("Lucía", "matched", known), ("Wren", "review", other)]
    assert decided.pk not in {incoming for incoming, _, _ in first[1]}


def test_a_record_that_a_reviewer_has_given_away_stays_so(transfer):
    known = make_known("Lucía", "Garcia")
    make_incoming(transfer, "Luz", "Garcia", decision="match", band="review", match_key=known)
    make_incoming(transfer, "Lucía", "Garcia")

    match_incoming(transfer)

    rows, candidates = outcome(transfer)
    assert rows == [("Luz", "review", known), ("Lucía", "review", None)]
    assert [student for _, student, _ in candidates] == [known]


def test_values_with_separators_and_quotes_come_through(transfer):
    known = make_known('Lu"cía\n', "Gar\x1fcia, O'B\\rien\t\x1e")
    make_incoming(transfer, "Lucia", "Gar cia O'Brien")

    match_incoming(transfer)

    assert MatchCandidate.objects.get().student_id == known


def test_the_number_of_queries_does_not_grow_with_the_students(transfer):
    def queries():
        match_incoming(transfer)
        with CaptureQueriesContext(connection) as captured:
            match_incoming(transfer)
        return [str(query["sql"])[:60] for query in captured]

    make_known("Lucía", "Garcia")
    make_incoming(transfer, "Lucía", "Garcia")
    few = queries()
    for nth in range(8):
        make_known(f"Given{nth}", "Garcia")
        make_incoming(transfer, f"Given{nth}", "Garcia")

    assert queries() == few


def test_a_site_is_read_page_by_page(transfer, monkeypatch):
    monkeypatch.setattr(site, "ROWS", 2)
    keys = [make_known(f"Given{nth}", "Garcia") for nth in range(5)]

    batches = list(site.students())

    assert [batch.num_rows for batch in batches] == [2, 2, 1]
    assert [key for batch in batches for key in batch["key"].to_pylist()] == keys
