"""One line of the board: a district's suite, its date, and everything that a CSM asks about it, in words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from resets.dates import CONFLICTS
from resets.desk.export_show import ShownStanding, shown_standings
from resets.desk.suites import suite_names
from resets.models import Answer, ResetRun, ResetSchedule, RunState
from rostering.models import SyncState
from tenants import clock
from tenants.models import District, DistrictStatus
from tenants.services import district_host

RUN_TONES = {RunState.QUEUED: "", RunState.RUNNING: "warn", RunState.COMPLETED: "good", RunState.FAILED: "bad"}

ANSWER_TONES = {Answer.NONE: "", Answer.AGREED: "good", Answer.ASKED: "warn", Answer.CUSTOM: "good"}


@dataclass(frozen=True)
class BoardRow:
    """A schedule with its district, where that stands, and its newest run.

    Attributes:
        data: how the reset stands to the year's data.
        days: until the reset, by the district's calendar; negative once it has passed.
    """

    schedule: ResetSchedule
    status: DistrictStatus
    run: ResetRun | None
    suite: str
    days: int
    data: ShownStanding

    @property
    def district(self) -> District:
        """Whose line it is."""
        return self.schedule.district

    @property
    def is_done(self) -> bool:
        """Whether the reset has been completed."""
        return self.run is not None and self.run.state == RunState.COMPLETED

    @property
    def days_words(self) -> str:
        """How far away the reset is."""
        if self.is_done:
            return "Done"
        if self.data.waits:
            return "Waits"
        if self.days == 0:
            return "Today"
        counted = f"{abs(self.days):,} {'day' if abs(self.days) == 1 else 'days'}"
        return f"{counted} overdue" if self.days < 0 else f"In {counted}"

    @property
    def answer_words(self) -> str:
        """What the district has said, in few words."""
        return str(self.schedule.get_answer_display()).partition(":")[0]

    @property
    def answer_tone(self) -> str:
        """Its colour."""
        return ANSWER_TONES[Answer(self.schedule.answer)]

    @property
    def data_until(self) -> str:
        """Until when the reset waits for the year's data; nothing once it has been made."""
        return "" if self.is_done else self.data.until

    @property
    def conflicts(self) -> list[str]:
        """The rules that the date breaks by now, in few words."""
        return [CONFLICTS.get(code, code) for code in self.schedule.conflicts.split(",") if code]

    @property
    def ready_words(self) -> str:
        """How many items of the readiness checklist are in order."""
        return f"{self.status.ready_items} of {self.status.ready_total}" if self.status.ready_total else ""

    @property
    def sync_words(self) -> str:
        """What became of the last sync."""
        if self.status.last_sync_at is None:
            return "Never"
        return str(SyncState(self.status.last_sync_state).label) if self.status.last_sync_state else ""

    @property
    def sync_is_bad(self) -> bool:
        """Whether the last sync changed nothing because something is wrong."""
        return self.status.last_sync_state in (SyncState.REFUSED, SyncState.FAILED)

    @property
    def run_words(self) -> str:
        """The state of the newest run."""
        return str(self.run.get_state_display()) if self.run else ""

    @property
    def run_tone(self) -> str:
        """Its colour, which never says more than the words."""
        return RUN_TONES[RunState(self.run.state)] if self.run else ""


def board_rows(schedules: Sequence[ResetSchedule], now: dt.datetime) -> list[BoardRow]:
    """The lines of these schedules, whose districts and statuses are there already; two queries more."""
    names, runs, data = suite_names(), newest_runs(schedules), shown_standings(schedules, now)
    return [
        BoardRow(
            schedule,
            status_of(schedule.district),
            runs.get((schedule.district_id, schedule.suite, schedule.school_year)),
            names.get(schedule.suite, schedule.suite),
            (schedule.on - clock.date_in(now, schedule.district.time_zone)).days,
            data[schedule.pk],
        )
        for schedule in schedules
    ]


def newest_runs(schedules: Iterable[ResetSchedule]) -> dict[tuple[int, str, int], ResetRun]:
    """The newest run of each schedule, by district, suite and school year: the open or completed one, if any."""
    keys = [(schedule.district_id, schedule.suite, schedule.school_year) for schedule in schedules]
    if not keys:
        return {}
    found = ResetRun.objects.filter(
        district__in={key[0] for key in keys}, school_year__in={key[2] for key in keys}
    ).only("district_id", "suite", "school_year", "state", "created_at", "finished_at", "on")
    runs: dict[tuple[int, str, int], ResetRun] = {}
    for run in sorted(found, key=lambda run: (run.state != RunState.FAILED, run.created_at)):
        runs[run.district_id, run.suite, run.school_year] = run
    return runs


def status_of(district: District) -> DistrictStatus:
    """Where a district stands; an empty record where nothing has happened yet."""
    return getattr(district, "status", None) or DistrictStatus(district=district)


def portal_address(request: HttpRequest, district: District) -> str:
    """The district's own host, on the port that this page came from."""
    _, _, port = request.get_host().partition(":")
    return f"{request.scheme}://{district_host(district.slug)}{f':{port}' if port else ''}/"
