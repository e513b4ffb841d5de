"""A reset undone: every row as it was, whole or for single schools; a second reset; nothing without two people."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from approvals.errors import ApprovalError
from approvals.models import Approval, ApprovalState
from approvals.services import approve
from archiving.years.models import ArchivedYear
from holds.services import place_hold
from ledger.models import LedgerEntry
from products.literacy.models import BenchmarkArchive, PlaylistAssignment, Reward, Usage, UsageArchive
from products.registry import suite_named
from resets.approved import REPEAT, ceiling_for, subject_of_reset
from resets.engine import events, execute
from resets.engine.ground import read_ground
from resets.models import ResetRun, Restore, RestoreState, RunState
from resets.policies.registry import policy_for
from resets.restoring.errors import RestoreRefusedError
from resets.restoring.execute import execute_restore
from resets.restoring.services import ask_restore, notes_on, preview_restore, start_restore
from rostering.models import ReturnWindow, School
from tenants.models import District
from tenants.schema import enter_district
from tests.resets.conftest import filled, make_run
from tests.support.hashing import hash_schema

__all__ = ["filled", "make_run"]
AT = dt.datetime(2026, 8, 3, 15, tzinfo=dt.UTC)
LIVE = ("literacy_", "hero_", "math_", "renaissance_", "rostering_")


def contents(district: District) -> dict[str, object]:
    """A hash of every table of the district's products and roster; what has no rows does not count."""
    return {
        name: digest
        for name, digest in hash_schema(district.schema_name).items()
        if name.startswith(LIVE) and not name.startswith(("rostering_returnwindow", "rostering_syncpause"))
    }


def approved(run: ResetRun, schools: tuple[int, ...] | None) -> Restore:
    restore = ask_restore(run, schools, actor="csm:4", reason="The wrong date was picked.", at=AT)
    approve(Approval.objects.get(pk=restore.approval_id), actor="superuser:1", at=AT)
    start_restore(restore, at=AT)
    return restore


def undo(run: ResetRun, schools: tuple[int, ...] | None = None) -> Restore:
    restore = approved(run, schools)
    assert execute_restore(restore.pk) == RestoreState.COMPLETED, Restore.objects.get(pk=restore.pk).error
    run.refresh_from_db()
    return Restore.objects.get(pk=restore.pk)


@pytest.mark.parametrize("suite", ["literacy", "hero"])
def test_every_row_is_as_it_was(
    suite: str, filled: Callable[..., District], make_run: Callable[..., ResetRun], clock: Callable[[str], object]
) -> None:
    clock(AT.isoformat())
    district = filled(suites=f"{suite},math", students=400)
    before = contents(district)
    run = make_run(district, suite)
    assert execute(run.pk) == RunState.COMPLETED
    run.refresh_from_db()
    deleted = {
        name for name, rows in run.evidence["written"].items() if rows[2] and not name.startswith("literacy_play")
    }
    deleted |= {line.rsplit(": ", 1)[1].replace(" ", "_") for line in run.evidence["moves"] if line.startswith("drop")}
    restore = undo(run)
    after = contents(district)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} <= deleted
    assert (run.undone_at, run.undo_tables) == (AT, [])
    assert restore.evidence["rows"] > 0
    entry = LedgerEntry.objects.get(district_id=district.pk, kind="restore")
    assert entry.facts["approvers"] == ["csm:4", "superuser:1"]
    assert ArchivedYear.objects.get(district=district, suite=suite).state == "restored"
    with enter_district(district):
        assert not ReturnWindow.objects.filter(suite=suite).exists()


@pytest.fixture
def reset(
    filled: Callable[..., District], make_run: Callable[..., ResetRun], clock: Callable[[str], object]
) -> ResetRun:
    clock(AT.isoformat())
    run = make_run(filled(suites="literacy", students=400), "literacy")
    assert execute(run.pk) == RunState.COMPLETED
    run.refresh_from_db()
    return run


def by_school(model: type) -> Counter[int]:
    rows = model._default_manager.filter(school_year=2026)
    return Counter(rows.values_list("school_id", flat=True))


def test_one_school_comes_back_is_reset_again_and_all_come_back(
    reset: ResetRun, make_run: Callable[..., ResetRun]
) -> None:
    district = reset.district
    with enter_district(district):
        archived = {model: by_school(model) for model in (UsageArchive, BenchmarkArchive)}
        school = School.objects.filter(pk__in=archived[UsageArchive]).order_by("pk").values_list("pk", flat=True)[0]
    undo(reset, (school,))
    with enter_district(district):
        assert by_school(Usage) == Counter({school: archived[UsageArchive][school]})
        assert by_school(UsageArchive) == archived[UsageArchive] - Counter({school: archived[UsageArchive][school]})
        assert set(Reward.objects.exclude(booster_bits=0).values_list("student__school_id", flat=True)) <= {school}
        assert ReturnWindow.objects.get().except_schools == [school]
        with pytest.raises(RestoreRefusedError, match="live again already"):
            ask_restore(reset, (school,), actor="csm:4", reason="x", at=AT)

    second = make_run(district, "literacy")
    assert execute(second.pk) == RunState.FAILED, "a second reset without an approval"
    second = make_run(district, "literacy")
    ResetRun.objects.filter(pk=second.pk).update(approval_id=_approval(second))
    assert execute(second.pk) == RunState.COMPLETED, ResetRun.objects.get(pk=second.pk).error
    second.refresh_from_db()
    with enter_district(district):
        assert {model: by_school(model) for model in archived} == archived
        assert not Usage.objects.filter(school_year=2026).exists()
        assert ReturnWindow.objects.count() == 2
    year = ArchivedYear.objects.get(district=district)
    assert (year.state, year.restored_schools) == ("archived", [])
    undo(second)
    with enter_district(district):
        assert by_school(Usage) == Counter({school: archived[UsageArchive][school]})


def _approval(run: ResetRun) -> object:
    from approvals.services import ask_approval

    approval = ask_approval(
        run.district, REPEAT, subject=subject_of_reset(run.district_id, run.suite, run.school_year), scope={},
        policy_version=policy_for(run.suite).version, on=run.on, ceiling=ceiling_for(100_000), reason="Again.",
        actor="csm:4", at=AT,
    )  # fmt: skip
    approve(approval, actor="csm:5", at=AT)
    return approval.pk


def test_a_hold_on_somebody_in_the_archive_is_found_beside_a_restored_school(reset: ResetRun) -> None:
    """The year has two partitions then: the live one is the restored school's, the archived one that of the others."""
    with enter_district(reset.district):
        mine, other = sorted(set(UsageArchive.objects.values_list("school_id", flat=True)))[:2]
        held = UsageArchive.objects.filter(school_id=other).values_list("student_id", flat=True)[0]
    undo(reset, (mine,))
    with enter_district(reset.district):
        place_hold(reset.district, "student", ground="litigation", reason="x", actor="csm:4", at=AT, student_id=held)
        years = dict(read_ground(suite_named("literacy"), reset.school_year, reset.on).held.years)
    assert reset.school_year in years["literacy_usagearchive"]
    assert "literacy_usage" not in years


def test_what_came_since_is_added_to_and_told(reset: ResetRun) -> None:
    with enter_district(reset.district):
        undo_table = next(name for name in reset.undo_tables if name.endswith("literacy_reward"))
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT id, booster_bits FROM "{reset.district.schema_name}"."{undo_table}" LIMIT 1')
            key, bits = cursor.fetchone()
        Reward.objects.filter(pk=key).update(booster_bits=7)
        assert not PlaylistAssignment.objects.exists()
        words = " ".join(notes_on(preview_restore(reset, None)))
        assert "in 1 rows something came since" in words
        assert "Not restorable, because the policy deletes it: Avatars" in words
    undo(reset)
    with enter_district(reset.district):
        assert Reward.objects.get(pk=key).booster_bits == bits + 7
        assert PlaylistAssignment.objects.exists()


def test_it_needs_a_second_person_and_what_was_approved(reset: ResetRun) -> None:
    restore = ask_restore(reset, None, actor="csm:4", email="Casey@vendor.example", reason="Wrong.", at=AT)
    approval = Approval.objects.get(pk=restore.approval_id)
    with pytest.raises(RestoreRefusedError, match="waits for a second person"):
        start_restore(restore, at=AT)
    for who in ({"actor": "csm:4"}, {"actor": "superuser:9", "email": "casey@VENDOR.example"}):
        with pytest.raises(ApprovalError, match="second person must decide"):
            approve(approval, at=AT, **who)
    approve(approval, actor="superuser:1", email="sam@vendor.example", at=AT)
    start_restore(restore, at=AT)
    before = contents(reset.district)
    Restore.objects.filter(pk=restore.pk).update(schools=[1])
    assert execute_restore(restore.pk) == RestoreState.FAILED
    restore.refresh_from_db()
    assert "Nothing was" in restore.error or "nothing was archived" in restore.error
    assert contents(reset.district) == before
    assert Approval.objects.get(pk=approval.pk).state == ApprovalState.STALE


def test_not_after_the_data_is_anonymized(reset: ResetRun) -> None:
    with enter_district(reset.district):
        ReturnWindow.objects.update(anonymized_at=AT)
    assert "anonymized" in preview_restore(reset, None).refusal
    with pytest.raises(RestoreRefusedError, match="anonymized"):
        ask_restore(reset, None, actor="csm:4", reason="x", at=AT)


@pytest.mark.parametrize("point", events.RESTORE_POINTS[:-1])
def test_an_error_at_any_point_changes_nothing_and_the_next_attempt_does_it_once(
    point: str, reset: ResetRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore = approved(reset, None)
    before = contents(reset.district)

    def fail(reached: str) -> None:
        if reached == point:
            raise RuntimeError(point)

    monkeypatch.setattr(events, "_listeners", [fail])
    with pytest.raises(RuntimeError, match=point):
        execute_restore(restore.pk)
    assert contents(reset.district) == before
    monkeypatch.setattr(events, "_listeners", [])
    assert execute_restore(restore.pk) == RestoreState.COMPLETED
    assert execute_restore(restore.pk) == RestoreState.COMPLETED
    assert LedgerEntry.objects.filter(kind="restore").count() == 1


def test_a_row_too_many_is_found_and_rolls_back(reset: ResetRun, monkeypatch: pytest.MonkeyPatch) -> None:
    restore = approved(reset, None)
    before = contents(reset.district)

    def tamper(reached: str) -> None:
        if reached == "restore_changed":
            Reward.objects.filter(pk=Reward.objects.first().pk).update(museum_level=99)  # type: ignore[union-attr]

    monkeypatch.setattr(events, "_listeners", [tamper])
    assert execute_restore(restore.pk) == RestoreState.FAILED
    assert "literacy_reward" in Restore.objects.get(pk=restore.pk).error
    assert contents(reset.district) == before
