"""Placing and lifting holds, each an entry of the ledger in the same transaction. The reason stays in the district."""

import datetime as dt
import zoneinfo
from typing import Any

from django.db import transaction
from django.utils import timezone

from holds.errors import HoldError
from holds.models import Ground, HoldScope, LegalHold
from holds.selectors import active_holds
from holds.signals import hold_lifted, hold_placed
from ledger.services import append_entry
from rostering.models import School, Student
from rostering.models_people import PersonStatus
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import enter_district, schema_exists

PLACED_AGAIN = "Placed again from the ledger after a restore from backup; the reason is in the district's papers."


def place_hold(
    district: District,
    scope: str,
    *,
    ground: str,
    reason: str,
    actor: str,
    at: dt.datetime,
    student_id: int | None = None,
    school_id: int | None = None,
) -> LegalHold:
    """Put a student, a school or the whole entered district on hold. Waits for a reset that is under way.

    Raises:
        HoldError: no reason was given, or there is no such student or school.
    """
    if not reason.strip():
        raise HoldError("Say why: a hold is answered for by its reason and by whoever placed it.")
    hold = LegalHold(
        scope=HoldScope(scope),
        ground=Ground(ground),
        reason=reason.strip(),
        placed_by=actor,
        placed_at=at,
        student_id=student_id if scope == HoldScope.STUDENT else None,
        school_id=school_id if scope == HoldScope.SCHOOL else None,
    )
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        _check_subject(hold)
        hold.save()
        append_entry(district.pk, "hold_placed", actor=actor, at=at, facts=facts_of(hold))
        hold_placed.send(sender=LegalHold, district=district, hold=hold, at=at)
    return hold


def lift_hold(district: District, hold_id: int, *, reason: str, actor: str, at: dt.datetime) -> LegalHold:
    """End a hold of the entered district; what was postponed for it is then done.

    Raises:
        HoldError: no reason was given, there is no such hold, or it was lifted before.
    """
    if not reason.strip():
        raise HoldError("Say why it is lifted: what was postponed is then deleted and anonymized.")
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        hold = LegalHold.objects.filter(pk=hold_id).first()
        if hold is None:
            raise HoldError(f"There is no hold {hold_id} in this district.")
        if hold.lifted_at is not None:
            when = timezone.localtime(hold.lifted_at, timezone=_zone(district))
            raise HoldError(f"Hold {hold_id} was lifted on {when:%B %-d, %Y} already.")
        hold.lifted_at, hold.lifted_by, hold.lifted_reason = at, actor, reason.strip()
        hold.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
        append_entry(district.pk, "hold_lifted", actor=actor, at=at, facts=facts_of(hold))
        hold_lifted.send(sender=LegalHold, district=district, hold=hold, at=at)
    return hold


def refuse_removal(district: District, **_: Any) -> None:
    """A district with anything on hold is not removed.

    Raises:
        HoldError: says how many holds there are.
    """
    if not schema_exists(district.schema_name):
        return
    with enter_district(district):
        count = active_holds().count()
    if count:
        raise HoldError(f"The district is not removed: {count} legal hold(s) must be lifted first.")


def place_again(district: District, facts: dict[str, Any], *, actor: str, at: dt.datetime) -> LegalHold | None:
    """Place a hold anew by its ledger entry, in the caller's transaction, for a database older than the hold.

    Returns:
        the hold; None where it is there already, or where the restored district has no such student or school.
    """
    if LegalHold.objects.filter(pk=facts["hold"]).exists():
        return None
    hold = LegalHold(
        pk=facts["hold"],
        scope=facts["scope"],
        ground=facts["ground"],
        student_id=facts.get("student"),
        school_id=facts.get("school"),
        reason=PLACED_AGAIN,
        placed_by=actor,
        placed_at=at,
    )
    try:
        _check_subject(hold)
    except HoldError:
        return None
    hold.save(force_insert=True)
    return hold


def facts_of(hold: LegalHold) -> dict[str, Any]:
    """What the ledger says of a hold: number, scope, keys and ground, and never the reason."""
    facts = {
        "hold": hold.pk,
        "scope": str(hold.scope),
        "ground": str(hold.ground),
        "student": hold.student_id,
        "school": hold.school_id,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _check_subject(hold: LegalHold) -> None:
    if hold.scope == HoldScope.STUDENT:
        gone = (PersonStatus.ANONYMIZED, PersonStatus.MERGED)
        if not Student.objects.filter(pk=hold.student_id or 0).exclude(status__in=gone).exists():
            raise HoldError(
                f"There is no student {hold.student_id} whose data could be held: look the number up on their page."
            )
    elif hold.scope == HoldScope.SCHOOL and not School.objects.filter(pk=hold.school_id or 0).exists():
        raise HoldError(f"There is no school {hold.school_id} in this district.")


def _zone(district: District) -> dt.tzinfo:
    return zoneinfo.ZoneInfo(district.time_zone)
