"""The year's end, act by act, on the simulated clock. The real beat and worker do the work; this only watches."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from django_tenants.utils import schema_context

from config.processes import Processes
from demo import autumn, copies, movers
from demo.cast import Part, Year
from demo.next_year import plan_next_year, write_bundle
from demo.observe import Seen, see
from demo.teller import Teller
from demo.verdict import Line, judge
from demo.wait import runs_completed, wait_until
from products.registry import suite_named
from resets.models import Answer, ResetSchedule
from resets.policies.registry import action_words, policy_for
from resets.policies.words import Anonymize, Rule
from resets.selectors import date_refusals, nearest_valid_date
from resets.services import agree_to_date, open_school_year, schedule_reset
from rostering.models import SyncState
from rostering.services import declare_rostering_complete, import_bundle, release_removals
from tenants import clock
from tenants.models import District
from tenants.schema import enter_district

CSM = "csm:demo"
ADMIN = "district_admin:demo"


@dataclass
class Story:
    """What the acts share: the year, the districts with their parts, the processes, and the lines of the table."""

    year: Year
    districts: list[tuple[Part, District]]
    processes: Processes
    teller: Teller
    lines: list[Line] = field(default_factory=list)

    def pick_dates(self) -> None:
        """June: the windows open; the CSM moves dates, one district never answers."""
        self.turn_to(clock.local_start(self.year.on(6, 12), 9, "UTC"))
        open_school_year(self.year.school_year)
        with schema_context("public"):
            wait_until(lambda: ResetSchedule.objects.count() == self._expected_schedules(), "schedules", self.processes)
        self.teller.act("June", "Every district has a date: July 28 where nobody answers")
        for part, district in self.districts:
            for suite in part.suites:
                if suite in part.dates:
                    self._move_date(district, suite, self.year.on(*part.dates[suite]))
        with schema_context("public"):
            for schedule in ResetSchedule.objects.select_related("district").order_by("on", "district__slug"):
                answer = Answer(schedule.answer).label
                self.teller.say(f"{schedule.district.slug:14} {schedule.suite:9} {schedule.on}  {answer}")

    def run_resets(self) -> None:
        """July: each reset runs on its date, at the district's own hour of the night."""
        with schema_context("public"):
            due = [(s.on, s.district_id, s.suite) for s in ResetSchedule.objects.order_by("on", "district_id", "suite")]
        by_id = {district.pk: district for _, district in self.districts}
        for on in sorted({on for on, _, _ in due}):
            today = [(by_id[key], suite) for day, key, suite in due if day == on]
            late = [(district, suite) for district, suite in today if copies.is_late(district)]
            self._settle(on, [pair for pair in today if pair not in late])
            self._reset_night(on, on, [pair for pair in today if pair not in late])
            self._wait_for_copies(on, late)

    def roster_new_year(self) -> None:
        """August: the new year's rosters arrive; rostering is declared complete; the nightly syncs resume."""
        self.turn_to(clock.local_start(self.year.rostering_starts_on, 15, "UTC"))
        self.teller.act("August", "The new year's rosters arrive")
        for _, district in self.districts:
            with enter_district(district):
                fates = plan_next_year(self.year.school_year + 1, self.year.on(8, 15))
                bundle = self._write_bundles(district)
                as_of = clock.today_in(district.time_zone)
                sync = import_bundle(bundle, source="upload", actor=ADMIN, as_of=as_of)
                self.teller.say(
                    f"{district.slug:14} " + ", ".join(f"{n:,} {fate}" for fate, n in sorted(fates.items()))
                )
                if sync.state == SyncState.PARTLY_HELD:
                    released = release_removals(sync.pk, actor=ADMIN, as_of=as_of)
                    self.teller.say(
                        f"{district.slug:14} {released:,} removals held back, released by the district admin"
                    )
                elif sync.state != SyncState.APPLIED:
                    raise RuntimeError(f"the roster of {district.slug} was {sync.state}: {sync.note}")
                autumn.tell_boy(district, self.year.school_year + 1, self.teller)
                declare_rostering_complete(actor=ADMIN, at=clock.now())

    def count_ninety_days(self) -> None:
        """Autumn: late students return in time, others too late; day 90 passes; names go."""
        self.lines += autumn.play(self, [d for p, d in self.districts if "literacy" in p.suites])

    def follow_movers(self) -> None:
        """November: students move from one district to another, and their history follows by transfer code."""
        giving = [district for part, district in self.districts if "renaissance" in part.suites]
        self.lines += movers.play(self, giving[0], giving[1])

    def turn_to(self, moment: dt.datetime) -> None:
        """Set the simulated clock, for all processes."""
        with schema_context("public"):
            clock.set_simulated_now(moment)

    def _expected_schedules(self) -> int:
        return sum(policy_for(suite).resettable for part, _ in self.districts for suite in part.suites)

    def _move_date(self, district: District, suite: str, on: dt.date) -> None:
        as_of = clock.today_in(district.time_zone)
        early = on.replace(month=6, day=15)
        for refusal in date_refusals(district, suite, self.year.school_year, early, as_of=as_of)[:1]:
            self.teller.say(f"{district.slug:14} {suite:9} {early} refused: {refusal.reason}")
        if date_refusals(district, suite, self.year.school_year, on, as_of=as_of):
            on = nearest_valid_date(district, suite, self.year.school_year, on, as_of=as_of) or on
        with schema_context("public"):
            same = ResetSchedule.objects.filter(district=district, suite=suite, on=on).exists()
        if same:
            agree_to_date(district, suite, self.year.school_year, actor=CSM, as_of=as_of)
        else:
            reason = "Agreed with the district by telephone"
            schedule_reset(district, suite, self.year.school_year, on, actor=CSM, as_of=as_of, reason=reason)

    def _settle(self, on: dt.date, today: list[tuple[District, str]]) -> None:
        """The afternoon before: whoever has answered has a copy of the year's data, or needs none."""
        if today:
            self.turn_to(max(copies.afternoon_before(on, district) for district, _ in today))
        for district, suite in today:
            copies.settle(self, district, suite)

    def _wait_for_copies(self, on: dt.date, late: list[tuple[District, str]]) -> None:
        """Whoever has no copy when the night comes is waited for; with the copy the next night is theirs."""
        if not late:
            return
        self.teller.act(f"{on:%B} {on.day}", "The reset that deletes waits for the year's data")
        self.turn_to(max(clock.local_start(on, 3, district.time_zone) for district, _ in late))
        for district, suite in late:
            copies.show_wait(self, district, suite)
        self._settle(on + dt.timedelta(days=1), late)
        self._reset_night(on, on + dt.timedelta(days=1), late)

    def _reset_night(self, on: dt.date, night: dt.date, today: list[tuple[District, str]]) -> None:
        """The resets of a date, in the night of that date or a later one."""
        if not today:
            return
        self.teller.act(f"{night:%B} {night.day}", "Reset: " + ", ".join(f"{d.slug} {suite}" for d, suite in today))
        before = {(d.pk, suite): self._see(d, suite, on) for d, suite in today}
        self.turn_to(max(clock.local_start(night, 3, district.time_zone) for district, _ in today))
        for district, suite in today:
            self._wait_for(district, suite)
        for district, suite in today:
            seen_before, seen_after = before[district.pk, suite], self._see(district, suite, on)
            for rule in self._rules(suite):
                kept, archived, deleted, held, note = judge(rule, seen_before[rule], seen_after[rule])
                self.lines.append(
                    Line(
                        district.slug,
                        suite,
                        _label(suite, rule),
                        action_words(rule.action),
                        kept + archived + deleted,
                        kept,
                        archived,
                        deleted,
                        held,
                        note,
                    )
                )

    def _wait_for(self, district: District, suite: str) -> None:
        what = f"the {suite} reset of {district.slug}"
        wait_until(lambda: runs_completed(district.pk, suite, self.year.school_year), what, self.processes)
        self.teller.say(f"{district.slug:14} {suite:9} reset completed and verified")

    def _see(self, district: District, suite: str, on: dt.date) -> dict[Rule, Seen]:
        with enter_district(district):
            return {rule: see(suite_named(suite), rule, on) for rule in self._rules(suite)}

    def _rules(self, suite: str) -> list[Rule]:
        return [rule for rule in policy_for(suite).rules if not isinstance(rule.action, Anonymize)]

    def _write_bundles(self, district: District) -> Path:
        """What the district's SIS will send: in August, when the late ones have come, and when the last have."""
        write_bundle(autumn.bundle_of(district, "late"), fates=("returning", "new", "late"))
        write_bundle(autumn.bundle_of(district, "too-late"), fates=("returning", "new", "late", "too_late"))
        return write_bundle(autumn.bundle_of(district, "new-year"), fates=("returning", "new"))


def _label(suite: str, rule: Rule) -> str:
    if rule.category == "*":
        return "Everything of schools without a subscription"
    label = suite_named(suite).category(rule.category).label
    return label if rule.where.subscribed is None else f"{label} (subscribed schools)"
