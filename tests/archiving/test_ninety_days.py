"""Whoever has not come back by day 90 loses name and key; who has, keeps both."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from archiving import services, statements
from archiving.concerned import concerned_tables
from archiving.errors import AnonymizationError
from archiving.planner import plan_anonymizations
from ledger.models import LedgerEntry
from products.registry import suites
from resets.engine import execute
from resets.models import ResetRun, RunState
from rostering.catalog import EXEMPT, ROSTER
from rostering.models import (
    Enrollment,
    GuardianIdentity,
    ReturnWindow,
    Student,
    StudentDemographics,
    StudentGuardian,
    StudentIdentity,
)
from tenants.jobs.registry import kind_named
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.hashing import hash_schema

Fill = Callable[..., District]
MakeRun = Callable[..., ResetRun]
AT = dt.datetime(2026, 10, 27, 12, tzinfo=dt.UTC)


@pytest.fixture
def reset(filled: Fill, make_run: MakeRun) -> District:
    """A district after its literacy reset of July 28: half of the students are rostered again."""
    district = filled(suites="literacy,renaissance", students=100)
    assert execute(make_run(district, "literacy").pk) == RunState.COMPLETED
    with enter_district(district):
        keys = list(Student.objects.order_by("pk").values_list("pk", flat=True))
        Student.objects.filter(pk__in=keys[::2]).update(school_year=2027)
    return district


def anonymize(district: District) -> int:
    with enter_district(district):
        return services.anonymize_leavers(district, "literacy", 2026, actor="system:test", at=AT)


def rows(relation: str, keys: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE student_id = ANY(%s)").format(
                sql.Identifier(connection.schema_name, relation)  # type: ignore[attr-defined]
            ),
            [keys],
        )
        return int(cursor.fetchone()[0])


def test_leavers_lose_name_and_key_and_nothing_else(reset: District) -> None:
    with enter_district(reset):
        leaving = list(Student.objects.filter(school_year=2026).values_list("pk", flat=True))
        staying = dict(StudentIdentity.objects.exclude(student__in=leaving).values_list("student_id", "sourced_id"))
        born = StudentIdentity.objects.filter(student__in=leaving).values_list("birth_date__year", flat=True)
        births = set(born)
        before = {table.relation: rows(table.relation, leaving) for table in concerned_tables()}
        students, demographics = Student.objects.count(), StudentDemographics.objects.count()
        undo = list(ResetRun.objects.get().undo_tables)
        names = set(StudentIdentity.objects.filter(student__in=leaving).values_list("sourced_id", flat=True))
    assert sum(before.values()) > 1000
    assert undo

    assert anonymize(reset) == len(leaving)

    with enter_district(reset):
        gone = Student.objects.filter(status="anonymized")
        fresh = list(gone.values_list("pk", flat=True))
        assert len(fresh) == len(leaving)
        assert not set(fresh) & set(leaving)
        assert not Student.objects.filter(pk__in=leaving).exists()
        assert Student.objects.count() == students
        assert dict(StudentIdentity.objects.values_list("student_id", "sourced_id")) == staying
        assert {year for year in gone.values_list("birth_year", flat=True) if year} <= births
        assert StudentDemographics.objects.count() == demographics
        for table in concerned_tables():
            assert rows(table.relation, leaving) == 0, table.relation
            assert rows(table.relation, fresh) == (0 if table.destroyed else before[table.relation]), table.relation
        enrollments = Enrollment.objects.filter(student__in=fresh).values_list("sourced_id", flat=True)
        assert enrollments
        assert all(sourced_id.startswith("gone-") for sourced_id in enrollments)
        assert not any(name in sourced_id for sourced_id in enrollments for name in names)
        with connection.cursor() as cursor:
            schema = sql.Identifier(reset.schema_name)
            cursor.execute(
                sql.SQL(
                    "SELECT count(*) FILTER (WHERE title <> '' OR file <> ''), count(*)"
                    " FROM {}.literacy_portfolioartifact WHERE student_id = ANY(%s)"
                ).format(schema),
                [fresh],
            )
            named, artifacts = cursor.fetchone()
        assert artifacts
        assert named == 0
        assert not {name for name in hash_schema(reset.schema_name) if name in undo}
    facts = LedgerEntry.objects.get(kind="anonymization").facts
    assert facts["students"] == len(leaving)
    assert Job.objects.filter(kind="rewrite_storage", payload__table="rostering_studentidentity").exists()


def test_a_guardian_goes_with_the_last_child(reset: District) -> None:
    with enter_district(reset):
        links = list(StudentGuardian.objects.values_list("guardian_id", "student__school_year"))
        stays = {guardian for guardian, year in links if year == 2027}
        goes = {guardian for guardian, _ in links} - stays
        assert stays
        assert goes
    anonymize(reset)
    with enter_district(reset):
        left = set(GuardianIdentity.objects.values_list("guardian_id", flat=True))
    assert stays <= left
    assert not goes & left


def test_twice_is_harmless_and_neighbours_are_left_alone(reset: District, filled: Fill) -> None:
    neighbour = filled("alder", suites="literacy", students=60)
    before = hash_schema(neighbour.schema_name)
    assert anonymize(reset) > 0
    after = hash_schema(reset.schema_name)
    assert anonymize(reset) == 0
    assert hash_schema(reset.schema_name) == after
    assert hash_schema(neighbour.schema_name) == before


def test_a_second_time_asks_for_its_own_rewrites(reset: District) -> None:
    assert anonymize(reset) > 0
    first = set(rewrites().values_list("key", flat=True))
    rewrites().update(state="done")
    with enter_district(reset):
        Student.objects.filter(school_year=2027).update(school_year=2026)
        next_day = AT + dt.timedelta(days=1)
        assert services.anonymize_leavers(reset, "literacy", 2026, actor="system:test", at=next_day) > 0
    again = rewrites().filter(state="waiting")
    assert again.filter(payload__table="rostering_studentidentity").exists()
    assert first.isdisjoint(again.values_list("key", flat=True))


def rewrites() -> QuerySet[Job]:
    return Job.objects.filter(kind="rewrite_storage", key__startswith="anonymization")


def test_what_does_not_add_up_rolls_back(reset: District, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hash_schema(reset.schema_name)
    assert "literacy_progress" in {table.relation for table in concerned_tables()}
    monkeypatch.setattr(statements, "rekey", _skipping("literacy_progress", statements.rekey))
    with pytest.raises(AnonymizationError, match="literacy_progress"):
        anonymize(reset)
    assert hash_schema(reset.schema_name) == before


def _skipping(relation: str, rekey: Callable[..., sql.Composed]) -> Callable[..., sql.Composed]:
    def statement(table: object, schema: str) -> sql.Composed:
        if getattr(table, "relation", "") == relation:
            return sql.SQL("SELECT 'x', 0 WHERE false{}").format(sql.SQL(""))
        return rekey(table, schema)

    return statement


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-10-27T03:00+00:00", 0),  # still October 26, day 90, in Chicago
        ("2026-10-27T05:30+00:00", 1),  # day 91
    ],
)
def test_day_90_is_kept_and_day_91_is_not(
    moment: str,
    due: int,
    committed_districts: Callable[..., District],
    make_run: MakeRun,
    clock: Callable[[str], dt.datetime],
) -> None:
    district = committed_districts("birch", time_zone="America/Chicago")
    run = make_run(district, "literacy")
    for state in (RunState.RUNNING, RunState.COMPLETED):
        ResetRun.objects.filter(pk=run.pk).update(state=state)
    clock(moment)
    assert plan_anonymizations() == due
    assert plan_anonymizations() == 0
    assert Job.objects.filter(kind="anonymize", key=str(run.pk)).count() == due


def test_the_job_closes_the_window(reset: District, clock: Callable[[str], dt.datetime]) -> None:
    clock("2026-10-27T12:00+00:00")
    assert plan_anonymizations() == 1
    job = Job.objects.get(kind="anonymize")
    with enter_district(reset):
        kind_named("anonymize").handler(reset, job)
        assert ReturnWindow.objects.get().anonymized_at is not None
        assert Student.objects.filter(status="anonymized").exists()


def test_every_student_keyed_table_is_concerned() -> None:
    """Kolibri's lesson: deletion is tested against the model registry, so that no new table can be forgotten."""
    from django.apps import apps

    named = {table.relation for table in concerned_tables()} | {"rostering_student"}
    for config in apps.get_app_configs():
        if not config.name.startswith(("products.", "transfers.")) and config.name != "rostering":
            continue
        for model in config.get_models():
            if f"{model._meta.app_label}.{model.__name__}" in EXEMPT:
                continue
            if any(field.column == "student_id" for field in model._meta.concrete_fields):
                assert model._meta.db_table in named, model
    assert ROSTER.tables
    assert suites()
