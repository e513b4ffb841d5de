"""A district's year from the reset to the last certificate: every state, every count, and nobody left to be found.

What the district's own SIS says reaches Yearturn as OneRoster bundles only, on the days of the district's zone.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archiving.planner import plan_anonymizations
from archiving.years.models import ArchivedYear
from certificates.models import Certificate
from certificates.planner import issue_due_certificates
from disposal.models import CaseState
from holds.models import HoldScope, LegalHold
from holds.services import lift_hold, place_hold
from ledger.models import LedgerEntry
from ledger.verifying import verify_district
from products.accounts import open_missing_accounts
from products.literacy.models import Organization
from products.literacy.products import LANGUAGE_LITERACY
from resets.models import ResetRun
from rostering.models import School, Student, Sync, SyncState
from rostering.services import declare_rostering_complete, release_removals
from rostering.services.nightly import plan_nightly_syncs
from sweeps.models import Incident, Sweep
from tenants.models import District, Job, JobState
from tenants.schema import enter_district
from tests.journeys.sis import Sis
from tests.journeys.steps import AFTERWARDS, CSM, OTHER, destroy, do, reset_again, undo_school
from tests.journeys.year import Clock, Year
from tests.resets.conftest import filled, make_run
from tests.support.linkage import anonymized_records, candidates, tables_that_name

__all__ = ["filled", "make_run"]
ADMIN = "district_admin:1"


@pytest.fixture
def year(
    filled: Callable[..., District],
    make_run: Callable[..., ResetRun],
    clock: Clock,
    tmp_path: Path,
    settings: Any,
) -> Year:
    settings.DROP_ROOT, settings.MEDIA_ROOT = tmp_path / "drop", tmp_path / "media"
    clock("2026-07-28T08:00+00:00")
    district = filled(suites="literacy", students=400)
    district.nightly_sync = True
    district.save()
    with enter_district(district):
        _use_language_literacy_everywhere()
    return Year(district, make_run(district, "literacy"), Sis.of(district.slug, tmp_path, students=400), clock)


def _use_language_literacy_everywhere() -> None:
    """So that whoever is rostered takes a BOY assessment, at whichever school."""
    for school in School.objects.order_by("pk"):
        facts = {"product": LANGUAGE_LITERACY.code, "since": dt.date(2020, 8, 1)}
        Organization.objects.get_or_create(school=school, product=facts["product"], defaults=facts)
    open_missing_accounts("literacy", as_of=dt.date(2025, 8, 18))


def test_from_the_reset_to_the_last_certificate(year: Year) -> None:
    district, clock = year.district, year.clock
    archived = year.reset()
    school = min(archived)
    undo_school(year.run, school, clock("2026-08-03T15:00+00:00"))
    second = reset_again(ResetRun.objects.get(pk=year.run.pk), clock("2026-08-05T15:00+00:00"))
    with enter_district(district):
        assert year.archived() == archived

    there, coming = year.at_school(school), year.sis.students()
    known = sorted(set(coming) & set(year.key_of) - there)
    day_89, day_90, early_91, late_91, held = known[:5]
    for each in (day_89, early_91):  # "the system will match ... by their Student IDs"
        year.sis.renamed[coming[each]] = f"sis-{each}"
    back = set(known[5::4])
    on_day_94 = min(there & set(coming))
    _autumn_begins(year, back, new=set(coming) - set(year.key_of))
    with enter_district(district):
        hold = place_hold(
            district, HoldScope.STUDENT, ground="litigation", reason="A suit.", actor=CSM,
            at=clock("2026-10-01T15:00+00:00"), student_id=year.key_of[held],
        )  # fmt: skip

    clock("2026-10-25T08:00+00:00")  # three in the morning of day 89 in Chicago
    year.arrive_by_night({day_89}, boy="benchmark")
    clock("2026-10-27T04:30+00:00")  # half past eleven in the evening of day 90
    year.arrive({day_90}, boy="benchmark")
    assert plan_anonymizations() == 0
    year.check()
    clock("2026-10-27T05:10+00:00")  # ten minutes past midnight: day 91, and nobody is anonymized yet
    year.arrive({early_91}, boy="placement")
    leavers = set(year.key_of) - there - back - {day_89, day_90, held}
    year.anonymize("2026-10-27T05:30+00:00", leavers)
    year.arrive({late_91}, boy="placement")
    year.check()
    _nobody_is_found(year)

    clock("2026-10-30T15:00+00:00")  # day 94 of the first reset, day 86 of the second, which counts for this school
    year.arrive({on_day_94}, boy="benchmark")
    year.anonymize("2026-11-04T06:30+00:00", there - {on_day_94})
    year.check()
    with enter_district(district):
        lift_hold(district, hold.pk, reason="Settled.", actor=CSM, at=clock("2026-11-05T15:00+00:00"))
    do(district, "postponed", *AFTERWARDS)
    year.forget({held})
    year.check()
    _nobody_is_found(year)
    _one_is_destroyed(year, day_89)
    _check_record(district, second)


def _autumn_begins(year: Year, back: set[str], new: set[str]) -> None:
    """The new year's first roster: syncs pause until it is complete; who is missing leaves when somebody says so."""
    year.clock("2026-08-10T08:00+00:00")
    year.sis.drop(back | new)
    plan_nightly_syncs()
    do(year.district, "nightly_sync")
    with enter_district(year.district):
        assert Sync.objects.latest("started_at").state == SyncState.SKIPPED
        assert not Student.objects.filter(school_year=2027).exists()
        year.clock("2026-08-10T15:00+00:00")
    year.arrive(new, boy="placement")
    year.clock("2026-08-11T15:00+00:00")
    sync = year.arrive(back, boy="benchmark")
    assert (sync.school_year, sync.state) == (2027, SyncState.PARTLY_HELD)
    with enter_district(year.district):
        release_removals(sync.pk, actor=ADMIN, as_of=sync.as_of)
        assert declare_rostering_complete(actor=ADMIN, at=year.clock("2026-08-11T16:00+00:00")) == 1
    year.check()


def _nobody_is_found(year: Year) -> None:
    """Names, birth date, school and grade of an old roster lead to nobody: not in a table, not by what is left."""
    with enter_district(year.district):
        gone = [year.old[key] for key in year.keys(year.gone)]
        records = anonymized_records()
        assert min(len(candidates(who, records)) for who in gone) >= 2
        here = set(Student.objects.exclude(status="anonymized").values_list("pk", flat=True))
        assert tables_that_name(year.district.schema_name, gone, but_of=here) == []
        assert tables_that_name("public", gone) == []
    assert not Incident.objects.exists(), Sweep.objects.exclude(hits={}).values("hits")


def _one_is_destroyed(year: Year, number: str) -> None:
    with enter_district(year.district):
        case = destroy(year.district, year.key_of[number], year.clock("2026-11-06T15:00+00:00"))
        assert not Student.objects.filter(pk=year.key_of[number]).exists()
    do(year.district, *AFTERWARDS)
    case.refresh_from_db()
    assert case.state == CaseState.DONE
    year.here.remove(number)
    year.named.remove(number)
    del year.boy[number]
    year.check()
    with enter_district(year.district):
        here = set(Student.objects.exclude(status="anonymized").values_list("pk", flat=True))
        destroyed = [year.old[year.key_of[number]]]
        assert tables_that_name(year.district.schema_name, destroyed, but_of=here) == []


def _check_record(district: District, second: ResetRun) -> None:
    """Every search found nothing, the ledger holds, and a certificate tells of each disposition."""
    assert not Incident.objects.exists()
    assert Sweep.objects.exclude(finished_at=None).count() == 4
    assert not Job.objects.filter(district=district, state=JobState.FAILED).exists()
    assert ArchivedYear.objects.get(district=district, school_year=2026).state == "anonymized"
    with enter_district(district):
        assert LegalHold.objects.get().reason == ""
    kinds = Counter(LedgerEntry.objects.filter(district_id=district.pk).values_list("kind", flat=True))
    wanted = {"reset": 2, "restore": 1, "anonymization": 2, "postponed": 1, "destruction": 1, "hold_placed": 1}
    assert wanted.items() <= dict(kinds).items()
    entry = LedgerEntry.objects.get(district_id=district.pk, kind="reset", facts__run=str(second.pk))
    assert entry.facts["approvers"] == [CSM, OTHER]
    found = verify_district(district.pk)
    assert (found.problems, found.published) == ((), found.entries)
    issue_due_certificates()
    told = set(Certificate.objects.filter(district_id=district.pk).values_list("ledger_number", flat=True))
    dispositions = LedgerEntry.objects.filter(
        district_id=district.pk, kind__in=["reset", "anonymization", "postponed", "destruction"]
    )
    assert set(dispositions.values_list("number", flat=True)) <= told
