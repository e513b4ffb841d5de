"""A copy goes with whoever's data is in it: in the transaction that erases them, and again after a restore."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiving.services import anonymize_leavers
from disposal.destroying import destroy_student
from disposal.requests.models import DisposalRequest
from disposal.services import decide, open_case
from ledger.models import LedgerEntry
from ledger.services import LATER, append_now
from reports.kept import REMOVE, holds_any, remove_kept, write_keys
from reports.packages import destroying
from reports.packages.destroying import expire_package
from reports.packages.models import Package, PackageState
from reports.packages.places import folder_of
from reports.packages.services import KIND, ask_package, build_package
from reports.packages.terms import EXPIRE
from resets.controls import stop_work
from resets.engine import execute
from resets.errors import WorkStoppedError
from resets.models import ResetRun, RunState
from rostering.models import Student, StudentMerge
from sweeps.models import Incident, Sweep
from sweeps.services import run_sweep
from tenants.models import District, Job
from tenants.schema import enter_district
from tenants.services import remove_district
from tests.packages.conftest import ADMIN, NOW, work
from tests.packages.ready import ready
from tests.support.jobs import do_jobs


def destroy(district: District, student: int) -> None:
    """Destroy a student on request, as two people."""
    with enter_district(district):
        said: dict[str, Any] = {"asker": "parent", "note": "", "due_on": None, "actor": ADMIN}
        case = open_case(district, "destruction", student_id=student, at=NOW, as_of=NOW.date(), **said)
        decide(case, approved=True, actor="csm:1", reason="", at=NOW)
        destroy_student(district, case, at=NOW)


def states() -> dict[Any, tuple[str, str]]:
    return {package.pk: (package.state, package.gone_reason) for package in Package.objects.all()}


def write_ledger(district: District) -> None:
    with enter_district(district):
        for job in list(Job.objects.filter(kind=LATER)):
            append_now(district, job)


def test_a_destroyed_student_takes_the_packages_that_hold_them_and_no_others(
    filled: Callable[..., District], clock: Callable[[str], Any]
) -> None:
    clock(NOW.isoformat())
    district = filled(suites="literacy", students=40)
    with enter_district(district):
        one, two, three = Student.objects.order_by("pk").values_list("pk", flat=True)[:3]
        StudentMerge.objects.create(student_id=one, merged_id=987654, actor="x:1", at=NOW)
    holds, merged = ready(district, students=(one, two)), ready(district, students=(987654,))
    others = ready(district, students=(two, three))
    destroy(district, one)
    found = states()
    assert (found[holds.pk], found[merged.pk], found[others.pk]) == (("gone", "erased"),) * 2 + (("ready", ""),)
    assert [folder_of(each).exists() for each in (holds, merged, others)] == [False, False, True]
    write_ledger(district)
    search = Job.objects.get(kind="sweep")
    for name in ("rewrite_storage", "remove_files"):
        Job.objects.filter(kind=name).update(state="running")
        Job.objects.filter(kind=name).update(state="done")
    back = folder_of(holds)
    back.mkdir()
    (back / "package.zip.age").write_bytes(b"nobody can look into this")
    write_keys(back / "students.keys", [one, 5])
    with enter_district(district):
        run_sweep(district, search)
    assert Sweep.objects.get().hits == {"year packages": 1}, "a copy that was left would be found by its keys"
    assert Incident.objects.count() == 1
    entries = LedgerEntry.objects.filter(kind="package_destroyed")
    assert {entry.facts["package"] for entry in entries} == {str(holds.pk), str(merged.pk)}
    assert {entry.facts["reason"] for entry in entries} == {"erased"}


def test_who_is_destroyed_while_it_is_built_is_not_in_it(
    filled: Callable[..., District], clock: Callable[[str], Any], bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(NOW.isoformat())
    district = filled(suites="literacy", students=40)
    with enter_district(district):
        gone = Student.objects.order_by("pk")[0].pk
    package = ask_package(district, "literacy", 2026, actor=ADMIN, at=NOW)
    from reports.packages.checking import check_package

    built = []

    def check(path: Path) -> Any:
        if not built:
            destroy(district, gone)
        built.append(path)
        return check_package(path)

    monkeypatch.setattr("reports.packages.building.check_package", check)
    work(district, KIND, package, build_package)
    package.refresh_from_db()
    assert (package.state, len(built)) == (PackageState.READY, 2)
    assert not holds_any(folder_of(package) / "students.keys", [gone])


def test_the_ninety_days_take_packages_exports_and_old_rosters_along(
    filled: Callable[..., District],
    make_run: Callable[..., ResetRun],
    clock: Callable[[str], Any],
    settings: Any,
) -> None:
    clock(NOW.isoformat())
    district = filled(suites="literacy", students=40)
    with enter_district(district):
        leaver, stayer = Student.objects.order_by("pk").values_list("pk", flat=True)[:2]
    assert execute(make_run(district, "literacy").pk) == RunState.COMPLETED
    with enter_district(district):
        Student.objects.exclude(pk=leaver).update(school_year=2027)
    with_leaver, without = ready(district, students=(leaver,)), ready(district, students=(stayer,))
    dropped, stored = (
        settings.DROP_ROOT / district.slug,
        settings.MEDIA_ROOT / district.schema_name / "exports" / "1.zip",
    )
    for day, path in enumerate((dropped / "old.zip", dropped / "users.csv", dropped / "new.zip", stored), start=1):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"everybody")
        os.utime(path, (day * 86_400, day * 86_400))
    with enter_district(district):
        DisposalRequest.objects.create(student=None, asker="district", file="exports/1.zip")
        assert anonymize_leavers(district, "literacy", 2026, actor="system", at=NOW) == 1
        do_jobs(district, Job.objects.filter(kind="remove_files"))
        assert DisposalRequest.objects.get().file == ""
    found = states()
    assert (found[with_leaver.pk], found[without.pk]) == (("gone", "erased"), ("ready", ""))
    assert (sorted(path.name for path in dropped.iterdir()), stored.exists()) == (["new.zip"], False)


def test_an_erasure_that_rolls_back_keeps_the_package(
    filled: Callable[..., District], clock: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(NOW.isoformat())
    district = filled(suites="literacy", students=40)
    with enter_district(district):
        one = Student.objects.order_by("pk")[0].pk
    package = ready(district, students=(one,))
    monkeypatch.setattr("disposal.destroying.confirm_going_on", _stopped)
    with pytest.raises(WorkStoppedError):
        destroy(district, one)
    assert states()[package.pk] == ("ready", "")
    assert folder_of(package).exists()


def _stopped() -> None:
    raise WorkStoppedError("stopped")


def test_its_day_comes_and_the_switch_holds_it(district: District, clock: Callable[[str], Any]) -> None:
    clock(NOW.isoformat())
    package = ready(district)
    job = Job(district=district, kind=EXPIRE, key=str(package.pk), payload={"package": str(package.pk)})
    stop_work(actor="csm:1", reason="A look first.", at=NOW)
    with enter_district(district), pytest.raises(WorkStoppedError):
        expire_package(district, job)
    assert states()[package.pk] == ("ready", "")


def test_its_day_comes(district: District, clock: Callable[[str], Any]) -> None:
    clock(NOW.isoformat())
    package = ready(district)
    job = Job(district=district, kind=EXPIRE, key=str(package.pk), payload={"package": str(package.pk)})
    with enter_district(district):
        expire_package(district, job)
        expire_package(district, job)
        assert states()[package.pk] == ("gone", "expired")
        assert folder_of(package).exists(), "nothing was committed in this test: the outbox has it"
        remove_kept(district, Job.objects.get(kind=REMOVE))
    assert not folder_of(package).exists()
    assert LedgerEntry.objects.filter(kind="package_destroyed", facts__reason="expired").count() == 1


def test_a_removed_district_leaves_none(committed_districts: Callable[..., District]) -> None:
    district = committed_districts("birch")
    package, waiting = ready(district), ask_package(district, "math", 2026, actor=ADMIN, at=NOW)
    remove_district(district, actor="csm:1", at=NOW)
    assert states() == {package.pk: ("gone", "district"), waiting.pk: ("gone", "district")}
    assert not folder_of(package).exists()
    kinds = list(LedgerEntry.objects.order_by("number").values_list("kind", flat=True))
    assert kinds[-2:] == ["package_destroyed", "district_removed"]


@given(held=st.sets(st.integers(1, 2**62)), asked=st.sets(st.integers(1, 2**62)))
def test_keys_beside_a_file(held: set[int], asked: set[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "some.keys"
    write_keys(path, held)
    assert holds_any(path, asked) == bool(held & asked)
    assert all(holds_any(path, [key]) for key in held)
    path.write_bytes(b"torn")
    assert holds_any(path, asked), "what cannot be read may hold anybody"


def test_the_kinds_of_entries_are_what_recovery_knows() -> None:
    assert destroying.KIND == "package_destroyed"


def test_nothing_outside_of_the_districts_folder_is_removed(district: District, tmp_path: Path) -> None:
    for folder in ("..", "../..", ".", "/"):
        remove_kept(district, Job(district=district, payload={"folder": folder}))
    assert tmp_path.exists()


def test_dates(district: District, clock: Callable[[str], Any]) -> None:
    from reports.packages.terms import kept_until

    today = dt.date(2026, 6, 24)
    assert kept_until(district, "literacy", today) == today + dt.timedelta(days=60)
    ResetRun.objects.create(
        district=district, suite="literacy", school_year=2026, on=dt.date(2026, 4, 20), actor="x", created_at=NOW,
        state="completed",
    )  # fmt: skip
    assert kept_until(district, "literacy", today) == dt.date(2026, 7, 19), "90 days after the reset names go"
    assert kept_until(district, "math", today) == today + dt.timedelta(days=60)
