"""The ninety days: whoever has not come back loses name and key, in one transaction per reset of a district.

"Student data is anonymized 90 days after the reset, so if more than 90 days pass before the student is re-enrolled in
the program, the student will be considered a new student" (literacy source). Grade, school and results stay for
statistics. Running it twice is harmless: there is nobody left to anonymize.
"""

import datetime as dt
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet
from psycopg import sql

from archiving import keys, verify
from archiving.coarsening import coarsen_rare_values
from archiving.concerned import concerned_tables
from archiving.facts import Going, facts_of
from archiving.files import keep_file_names
from archiving.undo import destroy_undo
from archiving.years.services import note_anonymization
from events.resets import of_reset
from events.services import note_events
from events.types import STUDENTS_ANONYMIZED
from holds.models import LegalHold
from ledger.dispositions import write_ahead
from ledger.replaying import current_replay
from ledger.services import append_entry
from products.partitions import history_opened
from products.registry import suite_named
from resets.controls import check_going_on, confirm_going_on
from resets.engine import events
from resets.engine.followups import enqueue_file_removal, enqueue_rewrite
from resets.engine.proof import Written, baseline, run_deferred_checks
from rostering.models import ReturnWindow
from rostering.signals import students_erased
from sweeps.services import ask_sweep, keep_samples
from tenants.models import District
from tenants.schema import current_schema


def anonymize_leavers(
    district: District,
    suite: str,
    school_year: int,
    *,
    actor: str,
    at: dt.datetime,
    run_id: UUID | None = None,
    lifted: LegalHold | None = None,
) -> int:
    """Anonymize the entered district's students of a suite who were last rostered in a school year or before.

    Left out are the students of schools whose reset was undone, and whoever is on legal hold.

    Args:
        suite: the suite whose ninety days are over; only students with an account in it are concerned.
        at: the moment that is recorded.
        run_id: the reset whose days are over; without its window, because it was undone, nobody is anonymized.
        lifted: the hold that was lifted, if this is what had been postponed for it: its students only.

    Returns:
        how many students were anonymized.

    Raises:
        AnonymizationError: verification failed; nothing was changed.
        WorkStoppedError: a person has stopped all destructive work; nothing was changed.
    """
    check_going_on()
    with history_opened(district):
        before = baseline(current_schema())
        going = _begin(suite, school_year, run_id, lifted)
        if going is None:
            return 0
        _change(going, before)
        events.reached("anonymization_changed")
        destroy_undo(district, suite, school_year, going.window.reset_on if going.window else None)
        _windows(suite, school_year, run_id).filter(anonymized_at=None).update(anonymized_at=at)
        note_anonymization(district, suite, school_year, at)
        _record(district, going, actor=actor, at=at)
        confirm_going_on()
        events.reached("anonymization_recorded")
    events.reached("anonymization_committed")
    return going.leaving


def _begin(suite: str, school_year: int, run_id: UUID | None, lifted: LegalHold | None) -> Going | None:
    """Choose whom it concerns; None when there is nothing to do, not even a window to close."""
    windows = _windows(suite, school_year, run_id)
    window = windows.order_by("reset_on").last()
    if run_id is not None and window is None:
        return None
    leaving = _choose(suite, school_year, window, lifted)
    if not leaving and (lifted is not None or not windows.filter(anonymized_at=None).exists()):
        return None
    return Going(suite, school_year, window, lifted, leaving, uuid4().hex[:12], concerned_tables())


def _choose(suite: str, school_year: int, window: ReturnWindow | None, lifted: LegalHold | None) -> int:
    """Choose who is to be anonymized; what is done again concerns whom it concerned, whoever has come back since."""
    if (replay := current_replay()) is not None:
        return keys.choose_again(replay.keys)
    account = suite_named(suite).category("student_accounts").tables[0].name
    return keys.choose_leavers(account, school_year, window.except_schools if window else (), lifted)


def _change(going: Going, before: dict[str, Written]) -> None:
    """Everything that is written to the district's tables, verified."""
    going.spared = keys.rows_spared(going.concerned)
    going.seen = verify.count_before(going.concerned)
    going.erased = keys.every_key()
    if going.leaving:
        going.samples = keep_samples(sql.SQL(keys.OLD_KEYS))
    going.files = keep_file_names(f"files_anonymized_{going.suite}_{going.school_year}_{going.token}")
    going.done = keys.replace_keys(going.concerned)
    coarsen_rare_values(going.done)
    run_deferred_checks()
    own = {going.files} | ({going.samples.table} if going.samples else set())
    verify.verify(going.seen, going.leaving, going.done, before, own=own)


def _record(district: District, going: Going, *, actor: str, at: dt.datetime) -> None:
    """The ledger's entry, and what follows it: files removed, storage rewritten, everything searched."""
    facts = facts_of(going)
    kind = "postponed" if going.lifted else "anonymization"
    number = append_entry(district.pk, kind, actor=actor, at=at, facts=facts)
    if going.leaving:
        year, students = going.school_year, going.leaving
        told = of_reset(
            district.pk, STUDENTS_ANONYMIZED, going.suite, year, at=at, students=students, ledger_entry=number
        )
        note_events([told])
    write_ahead(district.pk, number, keys.old_keys())
    if going.samples:
        ask_sweep(district, going.samples, what=kind, ledger_number=number, at=at)
    if going.files:
        enqueue_file_removal(district, going.files, at)
    enqueue_rewrite(district, str(facts["rewrite"]), going.done, at)
    if going.erased:
        students_erased.send(ReturnWindow, district=district, keys=going.erased, actor=actor, at=at, entry=number)


def _windows(suite: str, school_year: int, run_id: UUID | None) -> QuerySet[ReturnWindow]:
    """The windows of a suite's year; of one reset, and those of before resets were told apart."""
    windows = ReturnWindow.objects.filter(suite=suite, school_year=school_year)
    return windows if run_id is None else windows.filter(Q(run_id=run_id) | Q(run_id=None))
