"""Sending a request: it is written down first, and a worker hands it to the mail server, at most once."""

import datetime as dt
import smtplib
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from ledger.services import append_entry
from resets.engine.followups import enqueue_rewrite
from tenants import mail
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District
from transfers.codes.models import Kind
from transfers.imports.models import DataRequest, RequestState

SEND: Final = "transfer_request"
ERASE: Final = "transfer_request_erase"
KEPT_FOR: Final = dt.timedelta(days=30)
DIED: Final = "The worker died while sending it, so nobody knows whether the mail server took it."


class NotTakenYetError(Exception):
    """The mail server takes the request later, or cannot be reached now: the job tries again."""


def ask_for_data(
    district: District, kind: Kind, *, school_id: int | None, recipient: str, reply_to: str, subject: str, body: str,
    actor: str, at: dt.datetime,
) -> DataRequest:  # fmt: skip
    """Write a request down in the entered district and ask for its sending. The job knows its key only."""
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        asked = DataRequest.objects.create(
            kind=kind, school_id=school_id, recipient=recipient, reply_to=reply_to, subject=subject, body=body,
            asked_by=actor, asked_at=at,
        )  # fmt: skip
        payload = {"request": str(asked.pk)}
        enqueue_job(district, SEND, str(asked.pk), due_at=at, payload=payload)
        enqueue_job(district, ERASE, str(asked.pk), due_at=at + KEPT_FOR, payload=payload)
        append_entry(district.pk, "data_requested", actor=actor, at=at, facts={**payload, "kind": kind})
    return asked


def send_request(request_id: UUID | str, *, at: dt.datetime) -> None:
    """Hand a waiting request of the entered district to the mail server, outside of any transaction.

    Raises:
        NotTakenYetError: the server surely has not taken it; it waits, and can be tried again.
    """
    waiting = DataRequest.objects.filter(pk=request_id, state=RequestState.WAITING)
    try:
        connection = get_connection()
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        waiting.update(answer=f"The mail server cannot be used now ({type(error).__name__}). It is tried again.")
        raise NotTakenYetError("the mail server cannot be used now") from error
    try:
        if not waiting.update(state=RequestState.SENDING, answer=""):
            _settle(request_id, RequestState.UNKNOWN, DIED, at)
            return
        state, answer = _hand_over(DataRequest.objects.get(pk=request_id), connection)
    finally:
        connection.close()
    _settle(request_id, state, answer, at)
    if state == RequestState.WAITING:
        raise NotTakenYetError(answer)


def fail_request(request_id: UUID | str, *, at: dt.datetime) -> None:
    """The job was tried as often as it may be: what still waits has failed."""
    waiting = DataRequest.objects.filter(pk=request_id, state=RequestState.WAITING)
    waiting.update(state=RequestState.FAILED, settled_at=at, answer="The mail server did not take it for a day.")


def erase_request(district: District, request_id: UUID | str, *, at: dt.datetime) -> None:
    """Destroy a request of the entered district after its 30 days: it may name a student. Again is harmless."""
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        if DataRequest.objects.filter(pk=request_id).delete()[0]:
            enqueue_rewrite(district, f"request {request_id}", [DataRequest._meta.db_table], at)


def _hand_over(asked: DataRequest, connection: Any) -> tuple[RequestState, str]:
    """Send it, and tell what the server said: no text of its own, which may hold an address."""
    message = EmailMessage(
        asked.subject, asked.body, settings.DEFAULT_FROM_EMAIL, [asked.recipient],
        reply_to=[asked.reply_to] if asked.reply_to else None,
        headers={"Message-ID": f"<request-{asked.pk.hex}@{settings.BOUNCE_DOMAIN}>"}, connection=connection,
    )  # fmt: skip
    answer = mail.hand_over(message)
    match answer.fate:
        case mail.Fate.TAKEN:
            return RequestState.SENT, mail.TAKEN
        case mail.Fate.LATER:
            return RequestState.WAITING, f"The mail server asks to come again later ({answer.code}). It is tried again."
        case mail.Fate.REFUSED:
            return RequestState.FAILED, f"The mail server refused it ({answer.code}): check the address."
        case mail.Fate.UNDELIVERABLE:
            return RequestState.FAILED, mail.UNDELIVERABLE
        case mail.Fate.UNKNOWN:
            return RequestState.UNKNOWN, mail.BROKEN


def _settle(request_id: UUID | str, state: RequestState, answer: str, at: dt.datetime) -> None:
    on_its_way = DataRequest.objects.filter(pk=request_id, state=RequestState.SENDING)
    on_its_way.update(state=state, answer=answer, settled_at=None if state == RequestState.WAITING else at)
