"""Two students become one: nothing is lost, everything is proven, and undoing it is exact."""

import datetime as dt

import pytest
from django.db import connection
from psycopg import sql

from ledger.models import LedgerEntry
from products.literacy.models import StudentAccount, Usage
from resets.merging import MergeError, MergeRefusedError, merge_students, preview_merge, undo_merge
from resets.merging.relations import keyed_relations
from resets.models import ResetRun, RunState
from rostering.models import HeldRemoval, Student, StudentAlias, StudentIdentity, StudentMerge, Sync
from tenants.models import District
from tenants.schema import enter_district
from tests.merging.conftest import NOW, Pair
from tests.support.hashing import hash_schema

ACTOR = "district_admin:1"
RECORD = "rostering_studentmerge"
"""That a merge was made and undone is not forgotten."""


def merge(district: District, stays: int, goes: int, at: dt.datetime = NOW) -> StudentMerge:
    with enter_district(district):
        return merge_students(district, stays, goes, actor=ACTOR, at=at)


def undo(district: District, merged: StudentMerge) -> None:
    with enter_district(district):
        undo_merge(district, merged.pk, actor=ACTOR, at=NOW)


def digests(district: District) -> dict[str, str]:
    return {name: digest for name, digest in hash_schema(district.schema_name).items() if name != RECORD}


def rows_of(district: District, student: int) -> int:
    """Rows of data of a student, counted without the merge's own code."""
    total = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attname = 'student_id'"
            " AND c.relname NOT IN ('rostering_studentmerge', 'rostering_mergeundo', 'rostering_studentalias')",
            [district.schema_name],
        )
        for (name,) in cursor.fetchall():
            query = sql.SQL("SELECT count(*) FROM {} WHERE student_id = %s")
            cursor.execute(query.format(sql.Identifier(district.schema_name, name)), [student])
            total += int(cursor.fetchone()[0])
    return total


def test_everything_of_the_one_is_the_others_or_put_aside(lived: District, pair: Pair) -> None:
    stays, goes = pair
    before = rows_of(lived, stays) + rows_of(lived, goes)
    with enter_district(lived):
        seen = preview_merge(stays, goes)
    assert seen.moved > 50
    assert seen.aside >= 5

    done = merge(lived, stays, goes)

    assert rows_of(lived, goes) == 0
    aside = sum(rows for name, rows in done.counts["aside"].items() if name != "literacy_avataraccessory")
    assert rows_of(lived, stays) + aside == before
    assert sum(done.counts["moved"].values()) == seen.moved
    assert sum(done.counts["aside"].values()) == seen.aside
    with enter_district(lived):
        assert Student.objects.get(pk=goes).status == "merged"
        assert StudentIdentity.objects.filter(pk__in=pair).count() == 1
        assert StudentAccount.objects.filter(student=stays).count() == len(
            set(StudentAccount.objects.filter(student=stays).values_list("product", flat=True))
        )


def test_merge_then_undo_changes_nothing(lived: District, pair: Pair) -> None:
    before = digests(lived)
    done = merge(lived, *pair)
    assert digests(lived) != before

    undo(lived, done)

    assert digests(lived) == before
    with enter_district(lived):
        assert StudentMerge.objects.get().undone_by == ACTOR


@pytest.mark.parametrize("step", [3, 7, 11])
def test_any_pair_either_way_and_back(lived: District, step: int) -> None:
    """Merges one upon the other, undone in turn: each undo leads back to exactly what was before its merge."""
    with enter_district(lived):
        keys = list(Student.objects.order_by("pk").values_list("pk", flat=True))[::step][:4]
    states, done = [], []
    stays = keys[0]
    for other in keys[1:]:
        states.append(digests(lived))
        done.append(merge(lived, other, stays))
        stays = other
    for merged, state in zip(reversed(done), reversed(states), strict=True):
        undo(lived, merged)
        assert digests(lived) == state


def test_the_newer_enrollment_holds(lived: District, pair: Pair) -> None:
    stays, goes = pair
    with enter_district(lived):
        Student.objects.filter(pk=stays).update(status="inactive", left_on=NOW.date(), grade="01")
        Student.objects.filter(pk=goes).update(grade="02", school_year=2027)
    done = merge(lived, stays, goes)
    with enter_district(lived):
        survivor = Student.objects.get(pk=stays)
        assert (survivor.status, survivor.grade, survivor.school_year, survivor.left_on) == ("active", "02", 2027, None)
    undo(lived, done)
    with enter_district(lived):
        assert Student.objects.get(pk=stays).status == "inactive"


def test_what_came_since_stays_with_the_one_who_stayed(lived: District, pair: Pair) -> None:
    stays, goes = pair
    done = merge(lived, stays, goes)
    with enter_district(lived):
        Student.objects.filter(pk=stays).update(grade="12")
        moved = Usage.objects.filter(student=stays).count()
        row = Usage.objects.filter(student=stays).order_by("id").first()
        assert row
        row.pk = (row.school_year, "00000000-0000-0000-0000-000000000001")
        row.save(force_insert=True)
    undo(lived, done)
    with enter_district(lived):
        assert Student.objects.get(pk=stays).grade == "12"
        assert Usage.objects.filter(student__in=pair).count() == moved + 1
        assert Usage.objects.get(id="00000000-0000-0000-0000-000000000001").student_id == stays


def test_the_ledger_knows_counts_and_keys_only(lived: District, pair: Pair) -> None:
    done = merge(lived, *pair)
    undo(lived, done)
    entries = LedgerEntry.objects.filter(kind__in=["students_merged", "merge_undone"]).order_by("number")
    assert [entry.kind for entry in entries] == ["students_merged", "merge_undone"]
    with enter_district(lived):
        names = list(StudentIdentity.objects.filter(pk__in=pair).values_list("family_name", "given_name", "sourced_id"))
    assert entries[0].facts["merged"] == pair[1]
    assert entries[0].facts["moved"] == entries[1].facts["given_back"] | {
        name: 0 for name, rows in entries[0].facts["moved"].items() if not rows
    }
    assert not any(text in str(entry.facts) for entry in entries for person in names for text in person)


def test_held_removals_and_a_resets_undo_follow(lived: District, pair: Pair) -> None:
    stays, goes = pair
    with enter_district(lived):
        sync = Sync.objects.latest("started_at")
        held = HeldRemoval.objects.create(sync=sync, kind="student", person_id=goes, school_id=None)
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE undo_01234567_literacy_playlistassignment AS"
                " SELECT 900 + n AS id, s AS student_id, 1 AS playlist_id, current_date AS assigned_on"
                " FROM unnest(ARRAY[%s, %s]::bigint[]) WITH ORDINALITY AS u (s, n)"
                " UNION ALL SELECT 950, %s, 2, current_date",
                [stays, goes, goes],
            )
    before = digests(lived)
    done = merge(lived, stays, goes)
    with enter_district(lived), connection.cursor() as cursor:
        assert not HeldRemoval.objects.filter(pk=held.pk).exists()
        cursor.execute("SELECT id, student_id FROM undo_01234567_literacy_playlistassignment ORDER BY id")
        assert cursor.fetchall() == [(901, stays), (950, stays)]
    undo(lived, done)
    assert digests(lived) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "merged"}, "merged with another record"),
        ({"status": "anonymized"}, "anonymized"),
        (None, "not in this district"),
    ],
)
def test_who_cannot_be_merged(change: dict[str, str] | None, words: str, lived: District, pair: Pair) -> None:
    stays, goes = pair
    with enter_district(lived):
        if change and change["status"] == "anonymized":
            StudentIdentity.objects.filter(pk=goes).delete()
        Student.objects.filter(pk=goes).update(**(change or {"grade": "01"}))
    before = hash_schema(lived.schema_name)
    with pytest.raises(MergeRefusedError, match=words):
        merge(lived, stays, goes if change else 10**12)
    with pytest.raises(MergeRefusedError, match="one and the same"):
        merge(lived, stays, stays)
    assert hash_schema(lived.schema_name) == before


def test_what_was_shown_must_still_hold(lived: District, pair: Pair) -> None:
    with enter_district(lived), pytest.raises(MergeRefusedError, match="has changed since"):
        merge_students(lived, *pair, actor=ACTOR, at=NOW, shown=(1, 1))
    with enter_district(lived):
        seen = preview_merge(*pair)
        merge_students(lived, *pair, actor=ACTOR, at=NOW, shown=(seen.moved, seen.aside))


def test_a_reset_of_what_moved_ends_the_undo(lived: District, pair: Pair) -> None:
    done = merge(lived, *pair)
    run = ResetRun.objects.create(
        district=lived, suite="math", school_year=2026, on=dt.date(2026, 7, 28), actor="a", created_at=NOW,
        state=RunState.COMPLETED, finished_at=NOW + dt.timedelta(days=34),
    )  # fmt: skip
    with pytest.raises(MergeRefusedError, match="Imagine Math suite was reset on July 28, 2026"):
        undo(lived, done)
    ResetRun.objects.filter(pk=run.pk).update(finished_at=NOW - dt.timedelta(days=1))
    undo(lived, done)
    with pytest.raises(MergeRefusedError, match="undone already"):
        undo(lived, done)


def test_another_merge_since_is_undone_first(lived: District, pair: Pair) -> None:
    first = merge(lived, *pair)
    with enter_district(lived):
        third = Student.objects.exclude(pk__in=pair).order_by("pk").first()
    assert third
    second = merge(lived, third.pk, pair[0])
    with pytest.raises(MergeRefusedError, match="merged again since"):
        undo(lived, first)
    undo(lived, second)
    undo(lived, first)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {schema}.literacy_usage WHERE student_id = NEW.student_id",
        "UPDATE {schema}.rostering_school SET number = number",
        "UPDATE {schema}.literacy_progress SET student_id = {goes} WHERE student_id = NEW.student_id",
    ],
)
def test_sabotage_rolls_everything_back(statement: str, lived: District, pair: Pair) -> None:
    text = statement.format(schema=lived.schema_name, goes=pair[1])
    with enter_district(lived), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN IF NEW.student_id = {pair[0]} THEN {text}; END IF; RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER spoil AFTER UPDATE ON rostering_enrollment FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
    before = hash_schema(lived.schema_name)
    with pytest.raises(MergeError):
        merge(lived, *pair)
    assert hash_schema(lived.schema_name) == before
    assert not LedgerEntry.objects.filter(kind="students_merged").exists()


def test_every_relation_with_a_students_key_is_concerned(lived: District) -> None:
    with enter_district(lived), connection.cursor() as cursor:
        known = {keyed.relation for keyed in keyed_relations()}
        cursor.execute(
            "SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = %s::regnamespace AND a.attname = 'student_id' AND c.relkind IN ('r', 'p')"
            " AND NOT c.relispartition",
            [lived.schema_name],
        )
        assert {str(row[0]) for row in cursor.fetchall()} <= known
        assert StudentAlias._meta.db_table in known
