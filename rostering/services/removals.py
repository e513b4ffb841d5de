"""Removals that the brake holds back: kept as one change set per sync, released by a named person, or lapsed."""

import datetime as dt
import uuid

from django.db import transaction
from psycopg import sql

from ledger.services import append_entry
from rostering.errors import NothingHeldError
from rostering.intake.context import Intake, run
from rostering.models import HeldRemoval, Sync, SyncState
from rostering.oneroster.words import compose, roster, staged
from rostering.services.entered import entered_district
from rostering.services.noting import note_release
from tenants import clock
from tenants.locks import Lock, take_lock

HOLD = """
INSERT INTO {held} (sync_id, kind, person_id, school_id, released_by)
SELECT {sync}, kind, person_id, school_id, '' FROM {leaving} WHERE is_held ORDER BY kind, person_id
"""
LAPSE = """
UPDATE {held} AS h SET lapsed_at = {at} WHERE h.released_at IS NULL AND h.lapsed_at IS NULL AND ({whole}
    OR EXISTS (SELECT FROM {leaving} AS l WHERE l.kind = h.kind AND l.person_id = h.person_id)
    OR h.kind = 'student' AND EXISTS (SELECT FROM {people} AS p JOIN {students} AS i USING (sourced_id)
        WHERE i.student_id = h.person_id AND NOT p.leaving)
    OR h.kind = 'educator' AND EXISTS (SELECT FROM {people} AS p JOIN {educators} AS i USING (sourced_id)
        WHERE i.educator_id = h.person_id AND NOT p.leaving))
"""
RELEASE = """
UPDATE {person} AS t SET status = 'inactive', left_on = {as_of} FROM {held} AS h
WHERE h.sync_id = {sync} AND h.kind = {kind} AND h.person_id = t.id AND t.status = 'active'
  AND h.released_at IS NULL AND h.lapsed_at IS NULL
"""
END_ENROLLMENTS = """
UPDATE {table} AS t SET is_active = false FROM {held} AS h
WHERE h.sync_id = {sync} AND h.kind = {kind} AND h.person_id = t.{key} AND t.is_active
  AND h.released_at IS NULL AND h.lapsed_at IS NULL
"""
KINDS = (("student", "enrollment"), ("educator", "teachingassignment"))


def lapse_removals(intake: Intake) -> None:
    """Let earlier change sets lapse: a whole users file replaces them, a delta only where it speaks of somebody."""
    if intake.has("users"):
        run(
            compose(
                LAPSE,
                held=roster("heldremoval"),
                at=sql.Literal(clock.now()),
                whole=sql.Literal(intake.is_whole("users")),
                leaving=staged("leaving"),
                people=staged("people"),
                students=roster("studentidentity"),
                educators=roster("educatoridentity"),
            )
        )


def hold_removals(intake: Intake) -> int:
    """Record the removals that the brake holds back; returns how many."""
    sync = sql.Literal(intake.sync.pk)
    return run(compose(HOLD, held=roster("heldremoval"), sync=sync, leaving=staged("leaving")))


def release_removals(sync_id: uuid.UUID | str, *, actor: str, as_of: dt.date) -> int:
    """Let exactly those people leave whom this sync holds back, and end their enrollments.

    Args:
        sync_id: the sync whose change set was looked at.
        actor: the named person who answers for it, as `role:key`.
        as_of: the day on which they leave.

    Returns:
        How many people left.

    Raises:
        NothingHeldError: the change set was released before, or a later bundle has replaced it.
    """
    with transaction.atomic():
        district = entered_district()
        take_lock(Lock.DISTRICT, district.pk)
        sync = Sync.objects.get(pk=sync_id)
        open_removals = HeldRemoval.objects.filter(sync=sync, released_at=None, lapsed_at=None)
        if not open_removals.exists():
            raise NothingHeldError(
                "There is nothing to release: it was released before, or a later bundle replaced it."
            )
        released = sum(_release(sync, kind, table, as_of) for kind, table in KINDS)
        now = clock.now()
        open_removals.update(released_by=actor, released_at=now)
        sync.state, sync.note = SyncState.APPLIED, f"{released:,} held removals were released by {actor}."
        sync.save(update_fields=["state", "note"])
        facts = {"sync": str(sync.pk), "people": released}
        append_entry(district.pk, "removals_released", actor=actor, at=now, facts=facts)
        note_release(sync)
    return released


def _release(sync: Sync, kind: str, table: str, as_of: dt.date) -> int:
    parts = {"held": roster("heldremoval"), "sync": sql.Literal(sync.pk), "kind": sql.Literal(kind)}
    released = run(compose(RELEASE, person=roster(kind), as_of=sql.Literal(as_of), **parts))
    run(compose(END_ENROLLMENTS, table=roster(table), key=sql.Identifier(f"{kind}_id"), **parts))
    return released
