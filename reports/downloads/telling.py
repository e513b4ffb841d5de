"""Telling somebody that a file is ready: one e-mail with a link to its page, which asks for the log-in."""

from django.urls import reverse

from correspondence.errors import LaterError
from reports.downloads.models import FileState, PreparedFile
from reports.mailing.mailed import MailState, mark_abandoned, skip_mail
from reports.mailing.sending import Message, send_once
from reports.yearend.registry import report_named
from tenants import clock
from tenants.models import District, Job
from tenants.templatetags.words import day

KIND = "tell_report"
ATTEMPTS = 24
"""Of a mail server that says "later": with the growing pauses, about a day."""


def tell_ready(district: District, job: Job) -> None:
    """Write to whoever asked for the file that a job names; done twice it sends nothing again.

    Raises:
        LaterError: the mail server did not take it yet; the job is tried again.
    """
    mark_abandoned(PreparedFile)
    made = PreparedFile.objects.select_related("user").filter(pk=str(job.payload["file"])).first()
    if made is None or made.mail != MailState.WAITING:
        return
    if made.state != FileState.READY or not made.user.is_active:
        skip_mail(made, "The file is not there any more, or its person has no account any more.")
        return
    if send_once(made, district, made.user.email, _message(district, made), clock.now) == MailState.WAITING:
        raise LaterError("the mail server did not take an e-mail about a report yet")


def not_told(_district: District, job: Job, error: str) -> None:
    """It was tried for a day: the file's own page says that it is ready."""
    made = PreparedFile.objects.filter(pk=str(job.payload["file"])).first()
    if made is not None:
        skip_mail(made, f"It was tried for a day. {error}")


def _message(district: District, made: PreparedFile) -> Message:
    title = report_named(made.report).title
    return Message(
        key=made.pk,
        subject=f"Your file is ready: {title}",
        before=f"The file of the report “{title}” of {district.name}, which you asked for, is ready to be downloaded.",
        path=reverse("report_file", args=[made.pk], urlconf="config.urls_tenant"),
        after=f"The link asks for your log-in. The file is kept until {day(made.kept_until)}, and is for you alone.",
    )
