"""Support visits: asked for at the desk, opened by a one-time ticket at the district's host, ended by anybody of both.

A visit is read-only, lasts 30 minutes unless asked otherwise and never longer than an hour, and the district sees it
while it lasts and afterwards: who, why, when, and which pages. Each change is told to the ledger, too.
"""

import datetime as dt
import secrets
from typing import Final

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from accounts.errors import VisitError
from accounts.models import VENDOR_ROLES, Role, SupportVisit
from tenants.models import District
from tenants.schema import current_schema, enter_district
from tenants.signals import support_visit_changed

TICKET_SECONDS: Final = 60
MINUTES: Final = 30
MOST_MINUTES: Final = 60
SHOWN: Final = 25

NOTE_PAGE = """
UPDATE accounts_supportvisit
SET pages = jsonb_set(pages, ARRAY[%(page)s], to_jsonb(coalesce((pages ->> %(page)s)::int, 0) + 1))
WHERE id = %(visit)s
"""
MAY_VISIT = """
SELECT EXISTS (
    SELECT FROM public.accounts_user AS u WHERE u.id = %(user)s AND u.is_active
    AND (u.role = %(superuser)s OR u.role = %(csm)s AND EXISTS (
        SELECT FROM public.tenants_district AS d JOIN public.tenants_csm AS c ON c.id = d.csm_id
        WHERE d.schema_name = %(schema)s AND upper(c.email) = upper(u.email)))
)
"""
"""A superuser, or the CSM in whose book the entered district is now."""


def ask_for_visit(
    district: District, *, actor: str, name: str, reason: str, at: dt.datetime, case: str = "", minutes: int = MINUTES
) -> str:
    """Write down who wants to visit a district and why; returns the ticket, which opens the visit once.

    Raises:
        VisitError: no reason is given, or the time is too long; nothing was written.
    """
    if not reason.strip():
        raise VisitError("Give the reason: the district reads it.")
    if not 1 <= minutes <= MOST_MINUTES:
        raise VisitError(f"A visit lasts from 1 to {MOST_MINUTES} minutes.")
    ticket = secrets.token_urlsafe(32)
    with enter_district(district):
        SupportVisit.objects.create(
            actor=actor, name=name, reason=reason.strip(), case=case.strip(), minutes=minutes,
            ticket_hash=_hash(ticket), asked_at=at,
        )  # fmt: skip
    return ticket


def begin_visit(district: District, ticket: str, *, at: dt.datetime) -> SupportVisit:
    """Open a visit of the entered district with its ticket, which is spent by it.

    Raises:
        VisitError: the ticket is not one of this district's, was used before, or is older than a minute.
    """
    with transaction.atomic():
        found = SupportVisit.objects.select_for_update().filter(ticket_hash=_hash(ticket)).first()
        if found is None or found.started_at is not None or at >= found.asked_at + dt.timedelta(seconds=TICKET_SECONDS):
            raise VisitError("This ticket is not valid: each opens one visit, at one district, within a minute.")
        if not _may_visit(found.actor):
            raise VisitError("Whoever asked for this visit has no log-in at the desk any more, or not this district.")
        found.started_at, found.ends_at = at, at + dt.timedelta(minutes=found.minutes)
        found.save(update_fields=["started_at", "ends_at"])
        _tell("support_visit_begun", district, found, found.actor, at, {"minutes": found.minutes})
        return found


def end_visit(district: District, key: int, *, actor: str, at: dt.datetime) -> bool:
    """End a visit of the entered district now; tells whether it was going on."""
    with transaction.atomic():
        found = SupportVisit.objects.select_for_update().filter(pk=key).first()
        if found is None or not found.is_going_on(at):
            return False
        found.ended_at, found.ended_by = at, actor
        found.save(update_fields=["ended_at", "ended_by"])
        _tell("support_visit_ended", district, found, actor, at, {"pages": found.pages_seen})
        return True


def visit_going_on(key: int, *, at: dt.datetime) -> SupportVisit | None:
    """A visit of the entered district, if it is going on and its visitor still may look: see `is_open`."""
    found = SupportVisit.objects.filter(pk=key).first()
    return found if found and is_open(found, at=at) else None


def is_open(visit: SupportVisit, *, at: dt.datetime) -> bool:
    """Whether a visit to the entered district shows anything: it goes on, and its visitor still may look."""
    return visit.is_going_on(at) and _may_visit(visit.actor)


def visits_going_on(at: dt.datetime) -> list[SupportVisit]:
    """The entered district's visits that are going on now."""
    found = SupportVisit.objects.filter(ended_at=None, ends_at__gt=at).order_by("-pk")
    return [visit for visit in found if _may_visit(visit.actor)]


def visits_before(key: int | None) -> list[SupportVisit]:
    """The entered district's visits that began, newest first: a page of them, older than a visit's key."""
    visits = SupportVisit.objects.exclude(started_at=None).order_by("-pk")
    return list((visits if key is None else visits.filter(pk__lt=key))[: SHOWN + 1])


def note_page(visit: SupportVisit, page: str) -> None:
    """Count a page that a visitor was shown, by its URL's name."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE_PAGE, {"page": page, "visit": visit.pk})


def _may_visit(actor: str) -> bool:
    role, _, key = actor.partition(":")
    if role not in VENDOR_ROLES or not key.isdecimal():
        return False
    values: dict[str, int | str] = {
        "user": int(key), "schema": current_schema(), "superuser": Role.SUPERUSER, "csm": Role.CSM,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MAY_VISIT, values)
        return bool(cursor.fetchone()[0])


def _tell(
    kind: str, district: District, visit: SupportVisit, actor: str, at: dt.datetime, facts: dict[str, int]
) -> None:
    support_visit_changed.send(
        sender=SupportVisit, district=district, kind=kind, actor=actor, at=at, facts={"visit": visit.pk, **facts}
    )


def _hash(ticket: str) -> str:
    return salted_hmac("accounts.visits", ticket, algorithm="sha256").hexdigest()
