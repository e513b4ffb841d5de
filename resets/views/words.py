"""Words for dates, answers, actions and the states of runs."""

import datetime as dt
from dataclasses import dataclass

from accounts.actors import PROGRAM
from accounts.models import Role
from accounts.pages import Chip
from resets.models import Answer, ResetRun, ResetSchedule, RunState
from resets.policies.words import Action, Archive, Delete, Retain, Rule, Show

STEPS = (
    "waiting for the district's lock",
    "counting",
    "changing rows",
    "verifying",
    "recording",
    "waiting for exclusive locks",
    "moving partitions",
    "committing",
)
"""What a run tells of itself, in order (see resets.engine.execute)."""
IN_PLAIN_WORDS = {
    "NewRosterError": "The new year's roster had been imported before the reset. The reset must come first, so it "
    "stopped. Ask your customer success manager what to do with the new roster.",
    "VerificationError": "The counts after the changes were not those that the plan said. Everything was undone. "
    "The maker's engineers must look before it is tried again; your customer success manager has the evidence.",
    "PlanError": "A rule could not be applied to a table. The maker's engineers must look before it is tried again.",
    "NotReadyError": "The tables were not prepared for the year's move. This is prepared nightly; the reset can be "
    "tried again tomorrow.",
    "LocksNotHadError": "Other work held the tables for too long, and readers were not to wait. The reset can be tried "
    "again at a quieter hour.",
}
WHO = {
    Role.DISTRICT_ADMIN: "a district admin",
    Role.SCHOOL_ADMIN: "a school admin",
    Role.EDUCATOR: "an educator",
    Role.CSM: "your customer success manager",
    Role.SUPERUSER: "the vendor's staff",
    Role.SUPPORT: "a support visit",
    "command": "an operator",
    PROGRAM: "a program by the API",
}
UNKNOWN_FAILURE = (
    "The reset met a problem that it does not know. Tell your customer success manager, who can see the details and "
    "start it again."
)


def answer_chip(schedule: ResetSchedule) -> Chip:
    """What the district has said about a date."""
    match schedule.answer:
        case Answer.AGREED:
            return Chip("Agreed", "good", "✓")
        case Answer.CUSTOM:
            return Chip("Another date picked", "good", "✓")
        case Answer.ASKED:
            return Chip("Another date asked for", "warn", "?")
        case _:
            return Chip("No answer yet", "warn", "!")


def run_chip(run: ResetRun | None) -> Chip:
    """The state of a run, or that there has been none."""
    if run is None:
        return Chip("Ahead", "", "○")
    match run.state:
        case RunState.COMPLETED if run.undone_at and not run.restored_schools:
            return Chip("Restored: live again", "warn", "↺")
        case RunState.COMPLETED:
            return Chip("Completed and verified", "good", "✓")
        case RunState.FAILED:
            return Chip("Failed; nothing was changed", "bad", "✕")
        case RunState.RUNNING:
            return Chip("Running", "", "…")
        case _:
            return Chip("Waiting to run", "", "…")


def action_chip(action: Action, words: str) -> Chip:
    """An action, with a tone: what stays, what is put away, what is gone, what is changed."""
    match action:
        case Retain() | Show():
            return Chip(words, "good", "✓")
        case Archive():
            return Chip(words, "", "▣")
        case Delete():
            return Chip(words, "bad", "✕")
        case _:
            return Chip(words, "warn", "↺")


def where_words(rule: Rule) -> str:
    """For which schools a rule holds; empty when for all."""
    if rule.where.subscribed is None:
        return ""
    return "Schools with an active subscription" if rule.where.subscribed else "Schools without an active subscription"


def days_left_words(on: dt.date, as_of: dt.date) -> str:
    """How far off a date is."""
    days = (on - as_of).days
    if days == 0:
        return "today"
    if abs(days) == 1:
        return "tomorrow" if days > 0 else "yesterday"
    return f"in {days:,} days" if days > 0 else f"{-days:,} days ago"


def who_words(actor: str) -> str:
    """Who did something, by role: records name a role and a key, and a page needs no more.

    >>> who_words("district_admin:3"), who_words("system:planner"), who_words("csm:1")
    ('a district admin', 'Yearturn, by itself', 'your customer success manager')
    """
    role = actor.partition(":")[0]
    return WHO.get(role, "Yearturn, by itself")


def failure_words(run: ResetRun) -> str:
    """What a failed run's error means, and what to do."""
    return IN_PLAIN_WORDS.get(run.error.partition(":")[0], UNKNOWN_FAILURE)


@dataclass(frozen=True)
class Step:
    """A step of a run: done, now or ahead.

    Attributes:
        at: when the newest attempt began it; none when it has not, or when the run is older than these notes.
        took: how long it took, in words; empty while the next has not begun.
    """

    words: str
    state: str
    at: dt.datetime | None
    took: str


def steps_of(run: ResetRun) -> list[Step]:
    """The steps of a run in order."""
    began = _began(run)
    now = STEPS.index(run.step) if run.step in STEPS else len(STEPS) if run.state == RunState.COMPLETED else -1
    ends = [*(began.get(step) for step in STEPS[1:]), run.finished_at if run.state == RunState.COMPLETED else None]
    return [
        Step(
            words=step,
            state="done" if place < now else "now" if place == now else "ahead",
            at=began.get(step),
            took=_took(began.get(step), ends[place]),
        )
        for place, step in enumerate(STEPS)
    ]


def _began(run: ResetRun) -> dict[str, dt.datetime]:
    """When each step began, in the newest attempt."""
    began: dict[str, dt.datetime] = {}
    for line in run.log:
        if line.get("step"):
            if line["message"] == STEPS[0]:
                began = {}
            began.setdefault(line["message"], dt.datetime.fromisoformat(line["at"]))
    return began


def _took(begin: dt.datetime | None, end: dt.datetime | None) -> str:
    if begin is None or end is None or end < begin:
        return ""
    seconds = (end - begin).total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60:,} min {int(seconds) % 60} s"


def percent_of(run: ResetRun) -> int:
    """How far a run is, by its steps."""
    if run.state == RunState.QUEUED:
        return 0
    return round(100 * (STEPS.index(run.step) + 1) / (len(STEPS) + 1)) if run.step in STEPS else 5
