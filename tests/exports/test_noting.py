"""What is noted of a year's package: forward only, once, for the newest package, each with its ledger entry."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resets.exports.errors import ExportError
from resets.exports.services import (
    note_export_built,
    note_export_checked,
    note_export_downloaded,
    note_export_gone,
    note_report_printed,
    waive_export,
)
from resets.models import ResetRun, RunState, YearExport
from tenants.models import District, Job

AT = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
PACKAGES = [uuid.UUID(int=number) for number in range(1, 4)]
KEY = ("math", 2026)


def hours(number: int) -> dt.datetime:
    return AT + dt.timedelta(hours=number)


def build(district: District, number: int = 0) -> None:
    note_export_built(district, *KEY, package_id=PACKAGES[number], built_at=hours(number), rows=10 * (number + 1))


def check(district: District, number: int = 0) -> bool:
    return note_export_checked(district, *KEY, package_id=PACKAGES[number], at=hours(10))


def download(district: District, number: int = 0, actor: str = "district_admin:1") -> bool:
    return note_export_downloaded(district, *KEY, package_id=PACKAGES[number], actor=actor, at=hours(20))


def gone(district: District, number: int = 0) -> bool:
    return note_export_gone(district, *KEY, package_id=PACKAGES[number], at=hours(30))


def export_of(district: District) -> YearExport:
    return YearExport.objects.get(district=district, suite=KEY[0], school_year=KEY[1])


def told(district: District) -> list[tuple[str, Any]]:
    jobs = Job.objects.filter(district=district, kind="ledger_entry", key__startswith="export_").order_by("created_at")
    return [(job.payload["kind"], job.payload["facts"].get("package")) for job in jobs]


class Expected:
    """What should be so, kept by other means: the newest package's flags, and every entry that was asked for."""

    def __init__(self) -> None:
        self.newest = -1
        self.flags: set[str] = set()
        self.told: list[tuple[str, str]] = []

    def step(self, name: str, number: int) -> bool:
        """Whether the step changes something."""
        if name == "built":
            if number <= self.newest:
                return False
            self.newest, self.flags = number, set()
        elif number != self.newest or name in self.flags or "gone" in self.flags:
            return False
        elif name == "downloaded" and "checked" not in self.flags:
            raise ExportError("not checked")
        self.flags.add(name)
        self.told.append((f"export_{name}", str(PACKAGES[number])))
        return True


STEPS = {"built": build, "checked": check, "downloaded": download, "gone": gone}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 2)), max_size=12))
def test_a_package_goes_forward_and_a_newer_one_begins_anew(steps: list[tuple[str, int]], district: District) -> None:
    expected = Expected()
    with transaction.atomic():
        for name, number in steps:
            try:
                with_effect = expected.step(name, number)
            except ExportError:
                with pytest.raises(ExportError, match="not been checked"):
                    STEPS[name](district, number)
                continue
            noted = STEPS[name](district, number)
            assert noted is None or noted is with_effect
        assert told(district) == expected.told
        export = YearExport.objects.filter(district=district).first()
        if expected.newest >= 0:
            assert export is not None
            assert export.package_id == PACKAGES[expected.newest]
            assert export.rows == 10 * (expected.newest + 1)
            assert {name for name in STEPS if getattr(export, f"{name}_at") is not None} == expected.flags
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "change",
    [
        {"checked_at": None, "downloaded_at": None},
        {"downloaded_at": None},
        {"downloaded_at": hours(21)},
        {"built_at": hours(-1)},
        {"package_id": PACKAGES[1], "built_at": hours(-1)},
        {"package_id": PACKAGES[1], "built_at": hours(1)},
        {"package_id": None, "built_at": None, "checked_at": None, "downloaded_at": None},
        {"waived_at": None},
        {"waived_at": hours(1)},
    ],
)
def test_the_database_refuses_a_step_back(change: dict[str, Any], district: District) -> None:
    build(district)
    check(district)
    download(district)
    waive_export(district, *KEY, actor="csm:1", reason="The district has its own copy.", at=hours(25))
    with pytest.raises(DatabaseError), transaction.atomic():
        YearExport.objects.filter(district=district).update(**change)
    assert export_of(district).downloaded_at == hours(20)


def test_who_and_when_is_kept_of_the_first_download_only(district: District) -> None:
    build(district)
    check(district)
    assert download(district)
    assert not download(district, actor="district_admin:2")
    assert export_of(district).downloaded_by == "district_admin:1"


def test_a_package_made_after_the_reset_is_not_the_year(district: District) -> None:
    build(district)
    ResetRun.objects.create(
        district=district, suite="math", school_year=2026, on=AT.date(), actor="csm:1", created_at=AT,
        state=RunState.COMPLETED,
    )  # fmt: skip
    build(district, 1)
    assert export_of(district).package_id == PACKAGES[0]
    check(district)
    assert download(district), "the copy that was made in time is worth having afterwards too"


def test_a_waiver_needs_a_reason_and_is_given_once(district: District) -> None:
    with pytest.raises(ExportError, match="reason"):
        waive_export(district, *KEY, actor="csm:1", reason="  ", at=AT)
    waive_export(district, *KEY, actor="csm:1", reason="They keep a copy in their warehouse.", at=AT)
    with pytest.raises(ExportError, match="already"):
        waive_export(district, *KEY, actor="csm:2", reason="Again.", at=hours(1))
    export = export_of(district)
    assert (export.waived_by, export.waived_at) == ("csm:1", AT)
    assert [kind for kind, _ in told(district)] == ["export_waived"]
    build(district)
    assert export_of(district).waived_at == AT, "a waiver is of the reset, not of a package"


def test_after_an_undone_reset_it_is_waived_anew_and_a_reset_year_is_not_waived(district: District) -> None:
    waive_export(district, *KEY, actor="csm:1", reason="They have it all.", at=AT)
    run = ResetRun.objects.create(
        district=district, suite="math", school_year=2026, on=AT.date(), actor="csm:1", created_at=AT,
        state=RunState.COMPLETED,
    )  # fmt: skip
    with pytest.raises(ExportError, match="reset already"):
        waive_export(district, *KEY, actor="csm:2", reason="Too late.", at=hours(2))
    ResetRun.objects.filter(pk=run.pk).update(undone_at=hours(3))
    waive_export(district, *KEY, actor="csm:2", reason="They still have it all.", at=hours(4))
    assert export_of(district).waived_by == "csm:2"


def test_a_printed_report_is_noted_once(district: District) -> None:
    assert note_report_printed(district, "hero", 2026, actor="school_admin:4", at=AT)
    assert not note_report_printed(district, "hero", 2026, actor="school_admin:5", at=hours(1))
    assert YearExport.objects.get(district=district, suite="hero").printed_by == "school_admin:4"
    entry = Job.objects.get(district=district, kind="ledger_entry", key__startswith="export_printed").payload
    assert (entry["actor"], entry["facts"]) == ("school_admin:4", {"suite": "hero", "school_year": 2026})


def test_another_district_and_suite_are_untouched(district: District, other_district: District) -> None:
    build(district)
    check(other_district)
    assert not YearExport.objects.filter(district=other_district).exists()
    note_export_built(other_district, "literacy", 2026, package_id=PACKAGES[2], built_at=AT, rows=1)
    check(district)
    assert YearExport.objects.get(district=other_district).checked_at is None
