"""Ninety days after the reset, whoever has not come back has neither name nor key; everything else is as it was."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from psycopg import sql

from archiving.concerned import concerned_tables
from archiving.errors import AnonymizationError
from archiving.services import anonymize_leavers
from ledger.models import LedgerEntry
from products.hero.models import StudentCredential, TrackingEvent
from products.literacy.models import PortfolioArtifact, StudentAccount
from resets.models import ResetRun
from rostering.models import ReturnWindow, Student, StudentGuardian, StudentIdentity
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.archiving.conftest import DAY_91
from tests.resets.test_engine_proof import holders_of, sabotage
from tests.support.hashing import hash_schema
from tests.support.jobs import do_jobs


def anonymize(district: District) -> int:
    with enter_district(district):
        return anonymize_leavers(district, "literacy", 2026, actor="system:tests", at=DAY_91)


def leavers() -> set[int]:
    accounts = StudentAccount.objects.values("student")
    return set(Student.objects.filter(school_year__lte=2026, pk__in=accounts).values_list("pk", flat=True))


def rows(district: District, condition: str) -> dict[str, Any]:
    """A digest of the rows of each table keyed by a student that fulfil a condition on `student_id`."""
    found = {}
    with connection.cursor() as cursor:
        for each in concerned_tables():
            query = "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {} AS t WHERE "
            table = sql.Identifier(district.schema_name, each.relation)
            cursor.execute(
                sql.SQL(query + condition).format(
                    table, students=sql.Identifier(district.schema_name, "rostering_student")
                )
            )
            found[each.relation] = cursor.fetchone()
    return found


RETURNED = "student_id IN (SELECT id FROM {students} WHERE school_year > 2026)"


def test_who_has_not_come_back_has_no_name_and_no_key(summer: District) -> None:
    with enter_district(summer):
        gone = leavers()
        students = Student.objects.count()
        births = set(StudentIdentity.objects.filter(student__in=gone).values_list("birth_date__year", flat=True))
    assert len(gone) > 40

    assert anonymize(summer) == len(gone)

    with enter_district(summer):
        assert Student.objects.count() == students
        assert not Student.objects.filter(pk__in=gone).exists()
        strangers = Student.objects.filter(status="anonymized")
        assert strangers.count() == len(gone)
        assert min(strangers.values_list("pk", flat=True)) > 2**48
        assert not StudentIdentity.objects.filter(student__in=strangers).exists()
        assert set(strangers.exclude(birth_year=None).values_list("birth_year", flat=True)) <= births
        assert not StudentGuardian.objects.filter(student__in=strangers).exists()
        assert StudentIdentity.objects.count() == students - len(gone)


def test_what_was_measured_stays_and_who_came_back_stays_as_they_were(summer: District) -> None:
    with enter_district(summer):
        before = rows(summer, "true")
        returned = rows(summer, RETURNED)

    anonymize(summer)

    with enter_district(summer):
        destroyed = {each.relation for each in concerned_tables() if each.destroyed}
        after = rows(summer, "true")
        for relation, (count, _) in before.items():
            assert relation in destroyed or after[relation][0] == count
        assert rows(summer, RETURNED) == returned
        with connection.cursor() as cursor:
            for relation in before.keys() - destroyed:
                query = "SELECT count(*) FROM {} AS t WHERE NOT EXISTS (SELECT FROM {} AS s WHERE s.id = t.student_id)"
                names = [sql.Identifier(summer.schema_name, name) for name in (relation, "rostering_student")]
                cursor.execute(sql.SQL(query).format(*names))
                assert cursor.fetchone() == (0,), f"{relation} has rows of nobody"


def test_free_text_files_and_log_ins_go_in_the_live_tables_and_in_the_archive(summer: District) -> None:
    with enter_district(summer):
        gone = leavers()
        users = set(StudentCredential.objects.values_list("username", flat=True))
        notes = TrackingEvent.objects.exclude(note="").exclude(student__in=gone).count()
        assert TrackingEvent.objects.filter(student__in=gone).exclude(note="").exists()

    anonymize(summer)

    with enter_district(summer):
        strangers = Student.objects.filter(status="anonymized").values("pk")
        assert TrackingEvent.objects.exclude(note="").count() == notes
        assert not PortfolioArtifact.objects.filter(student__in=strangers).exclude(title="", file="").exists()
        credentials = StudentCredential.objects.filter(student__in=strangers)
        assert credentials.exists()
        assert not users & set(credentials.values_list("username", flat=True))


def test_a_student_of_another_suite_only_is_not_concerned(summer: District) -> None:
    with enter_district(summer):
        others = set(Student.objects.filter(school_year=2026).values_list("pk", flat=True)) - leavers()
    assert len(others) == 1

    anonymize(summer)

    with enter_district(summer):
        assert StudentIdentity.objects.filter(student__in=others).exists()


def test_restoring_ends_the_window_closes_and_the_ledger_knows(summer: District) -> None:
    run = ResetRun.objects.get(suite="literacy")
    assert run.undo_tables

    count = anonymize(summer)

    assert not [name for name in hash_schema(summer.schema_name) if name.startswith("undo_")]
    run.refresh_from_db()
    assert run.undo_tables == []
    with enter_district(summer):
        assert ReturnWindow.objects.get().anonymized_at == DAY_91
    entry = LedgerEntry.objects.get(kind="anonymization")
    assert entry.facts["students"] == count


def test_again_does_nothing(summer: District) -> None:
    anonymize(summer)
    before = hash_schema(summer.schema_name)

    assert anonymize(summer) == 0

    assert hash_schema(summer.schema_name) == before
    assert LedgerEntry.objects.filter(kind="anonymization").count() == 1


def test_the_keys_are_derived_from_nothing(summer: District) -> None:
    with enter_district(summer):
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("SELECT student_id, id FROM {} ORDER BY id").format(
                    sql.Identifier(summer.schema_name, "literacy_studentaccount")
                )
            )
            account_of = {account: student for student, account in cursor.fetchall()}
        gone = leavers()
    anonymize(summer)
    with enter_district(summer):
        pairs = [
            (account_of[account], student)
            for account, student in StudentAccount.objects.values_list("pk", "student_id")
            if account_of[account] in gone
        ]
    by_old = [new for _, new in sorted(set(pairs))]
    assert by_old != sorted(by_old)
    assert len({new for _, new in pairs}) == len(gone)


@pytest.mark.parametrize(
    ("table", "when", "statement"),
    [
        ("rostering_studentidentity", "DELETE", "UPDATE {schema}.rostering_school SET number = number;"),
        ("rostering_studentidentity", "DELETE", "UPDATE public.tenants_district SET name = name;"),
        (
            "rostering_guardian",
            "DELETE",
            "DELETE FROM {schema}.literacy_educatoraccount;",
        ),
        (
            "rostering_studentidentity",
            "DELETE",
            "INSERT INTO {schema}.rostering_studentidentity (student_id, sourced_id, student_number, state_id,"
            " given_name, middle_name, family_name, preferred_name, username, email) SELECT id, 'back', '', '',"
            " 'Back', '', 'Again', '', '', '' FROM {schema}.rostering_student WHERE id > 281474976710656 LIMIT 1;",
        ),
    ],
)
def test_sabotage_rolls_everything_back(table: str, when: str, statement: str, summer: District) -> None:
    sabotage(summer, table, when, statement)
    before = hash_schema(summer.schema_name)

    with pytest.raises((AnonymizationError, IntegrityError)):
        anonymize(summer)

    assert hash_schema(summer.schema_name) == before
    assert not LedgerEntry.objects.filter(kind="anonymization").exists()


def test_names_and_texts_are_gone_from_the_data_files(summer: District) -> None:
    sentinel = "Quixotic-Zephyr-9091"
    with enter_district(summer):
        gone = leavers()
        StudentIdentity.objects.filter(student__in=gone).update(family_name=sentinel)
        TrackingEvent.objects.filter(student__in=gone).update(note=sentinel)
        PortfolioArtifact.objects.filter(student__in=gone).update(title=sentinel)
    assert holders_of(summer, sentinel)

    anonymize(summer)
    with enter_district(summer):
        do_jobs(summer, Job.objects.filter(kind__in=["remove_files", "rewrite_storage"]))

    assert holders_of(summer, sentinel) == []


def test_files_of_leavers_are_removed_and_nobody_elses(summer: District, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    root = tmp_path / summer.schema_name
    with enter_district(summer):
        gone = leavers()
        files = {(a.student_id in gone, a.file) for a in PortfolioArtifact.objects.exclude(file="")}
    for _, file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("drawing")
    assert {True, False} == {leaves for leaves, _ in files}

    anonymize(summer)
    with enter_district(summer):
        job = Job.objects.get(kind="remove_files", key__startswith="files_anonymized")
        do_jobs(summer, [job, job])

    assert {file for leaves, file in files if not leaves} == {
        str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()
    }
    assert job.payload["table"] not in hash_schema(summer.schema_name)
