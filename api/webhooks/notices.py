"""The e-mail to a district's admins about an endpoint that was switched off by itself."""

import datetime as dt
import uuid
from typing import Final

from django_tenants.utils import schema_context

from api.webhooks.models import Endpoint, Notice
from correspondence.errors import LaterError
from correspondence.sending import addresses
from reports.mailing.mailed import MailState, mark_abandoned
from reports.mailing.sending import Message, send_once
from tenants import clock
from tenants.models import District, Job

KIND: Final = "webhook_notice"
SUBJECT: Final = "A webhook of {district} was switched off"
BEFORE: Final = (
    "Yearturn could not deliver events to “{endpoint}”. {why}. Nothing new is sent to it.\n\n"
    "See what was not taken, put its server right, and switch it on again; what waits is sent then:"
)
AFTER: Final = "You get this e-mail because you are an admin of {district}. It is sent once."


def write_notices(district: District, job: Job) -> None:
    """Write to each admin of the entered district once; the job comes again while the mail server asks for that.

    Raises:
        LaterError: the mail server took some not yet, or cannot be reached.
    """
    with schema_context("public"):
        mark_abandoned(Notice)
        endpoint = Endpoint.objects.get(pk=job.payload["endpoint"])
    since, later = dt.datetime.fromisoformat(job.payload["since"]), 0
    for admin, address in addresses().items():
        with schema_context("public"):
            notice, _ = Notice.objects.get_or_create(
                endpoint=endpoint, since=since, recipient_id=admin,
                defaults={"uuid": uuid.uuid4(), "mail": MailState.WAITING},
            )  # fmt: skip
            if notice.mail == MailState.WAITING:
                message = _message(district, endpoint, notice)
                later += send_once(notice, district, address, message, clock.now) == MailState.WAITING
    if later:
        raise LaterError(f"{later} notices were not taken yet by the mail server")


def _message(district: District, endpoint: Endpoint, notice: Notice) -> Message:
    before = BEFORE.format(endpoint=endpoint.description, why=endpoint.get_disabled_why_display())
    subject, after = SUBJECT.format(district=district.name), AFTER.format(district=district.name)
    return Message(notice.uuid, subject, before, f"/webhooks/{endpoint.pk}/", after)
