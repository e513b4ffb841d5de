"""A district's year as a test lives through it: each step says what happens, and `check` holds the tables to that."""

from collections import Counter
from collections.abc import Callable
from io import StringIO
from typing import Any

from django.core.management import call_command

from archiving.planner import plan_anonymizations
from demo.observe import see
from demo.verdict import judge
from products.literacy.models import BoyAssessment, UsageArchive
from products.registry import suite_named
from resets.engine import execute
from resets.models import ResetRun, RunState
from resets.policies.registry import policy_for
from resets.policies.words import Anonymize
from rostering.models import Student, StudentIdentity, Sync, SyncState
from rostering.services.nightly import plan_nightly_syncs
from tenants.clock import today_in
from tenants.models import District
from tenants.schema import enter_district
from tests.journeys.sis import Sis
from tests.journeys.steps import AFTERWARDS, do
from tests.resets.conftest import RESET_ON
from tests.support.linkage import Known, anonymized_records, old_roster

Clock = Callable[[str], Any]


class Year:
    """One district's year, and what must be true of it by now, by Student ID: those outlive keys and sourcedIds."""

    def __init__(self, district: District, run: ResetRun, sis: Sis, clock: Clock) -> None:
        self.district, self.run, self.sis, self.clock = district, run, sis, clock
        self.rules = [rule for rule in policy_for("literacy").rules if not isinstance(rule.action, Anonymize)]
        with enter_district(district):
            self.old: dict[int, Known] = old_roster()
        self.key_of = {known.number: key for key, known in self.old.items()}
        self.here: set[str] = set()
        """Student IDs of whom the SIS has exported in the new year."""
        self.boy: dict[str, str] = {}
        """Who takes what at the beginning of the new year, by Student ID."""
        self.named = set(self.key_of)
        """Student IDs of whom there must be an identity."""
        self.gone: set[str] = set()
        """Student IDs of those who were anonymized."""

    def keys(self, numbers: set[str]) -> set[int]:
        """The keys of the old year."""
        return {self.key_of[number] for number in numbers}

    def at_school(self, school: int) -> set[str]:
        """Student IDs of those whose old year ended there."""
        return {known.number for known in self.old.values() if known.school == school}

    def reset(self) -> Counter[int]:
        """The first reset, each rule judged by the demo's own SQL; returns the archived usage by school."""
        suite = suite_named("literacy")
        with enter_district(self.district):
            before = {rule: see(suite, rule, RESET_ON) for rule in self.rules}
        assert execute(self.run.pk) == RunState.COMPLETED
        self.run.refresh_from_db()
        with enter_district(self.district):
            for rule in self.rules:
                *_, held, note = judge(rule, before[rule], see(suite, rule, RESET_ON))
                assert held, f"{rule.category}: {note}"
            assert sum(before[rule].all_live for rule in self.rules) > 5000
            return self.archived()

    def archived(self) -> Counter[int]:
        """The archived usage of the old year, by school."""
        return Counter(UsageArchive.objects.filter(school_year=2026).values_list("school_id", flat=True))

    def arrive(self, numbers: set[str], *, boy: str) -> Sync:
        """More students are on the roster; the admin uploads the bundle with the date of the district's zone."""
        self.here |= numbers
        with enter_district(self.district):
            call_command("import_roster", self.district.slug, str(self.sis.export(self.here)), stdout=StringIO())
        return self.arrived(numbers, boy)

    def arrive_by_night(self, numbers: set[str], *, boy: str) -> Sync:
        """The same by the nightly sync, which has been turned on again since rostering was complete."""
        self.here |= numbers
        self.sis.drop(self.here)
        assert plan_nightly_syncs() == 1
        do(self.district, "nightly_sync")
        return self.arrived(numbers, boy)

    def arrived(self, numbers: set[str], boy: str) -> Sync:
        """Note who has come and what they take; returns the import, which must be of the local day."""
        self.boy |= dict.fromkeys(numbers, boy)
        self.named |= numbers
        with enter_district(self.district):
            sync = Sync.objects.exclude(state=SyncState.SKIPPED).latest("started_at")
        assert sync.as_of == today_in(self.district.time_zone)
        assert sync.error_count == 0
        return sync

    def anonymize(self, moment: str, leavers: set[str]) -> None:
        """Half an hour past the local midnight after the last day: these and nobody else lose name and key."""
        self.clock(moment)
        assert plan_anonymizations() == 1
        do(self.district, "anonymize", *AFTERWARDS)
        self.forget(leavers)

    def forget(self, leavers: set[str]) -> None:
        """Note who was anonymized; whoever was rostered again too late has a name, as somebody new."""
        self.gone |= leavers
        self.named -= leavers - self.here

    def check(self) -> None:
        """Whoever should has a name, a key and an assessment; everybody else has none of them."""
        with enter_district(self.district):
            rows = StudentIdentity.objects.exclude(sourced_id__startswith="left:")
            assert set(rows.values_list("student_number", flat=True)) == self.named
            assert not Student.objects.filter(pk__in=self.keys(self.gone)).exists()
            assert len(anonymized_records()) == len(self.gone)
            rostered = Student.objects.filter(status="active", school_year=2027)
            assert set(rostered.values_list("identity__student_number", flat=True)) == self.here
            taken = BoyAssessment.objects.filter(school_year=2027, student__in=rostered)
            assert dict(taken.values_list("student__identity__student_number", "assessment")) == self.boy
