"""Requesting data from another site: the e-mail template, and sending it from here after a preview."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.pages import Chip, district_of, own_school, page, person
from accounts.throttle import is_too_often
from rostering.models import School
from tenants import clock
from transfers.imports.models import DataRequest, RequestState
from transfers.requesting.forms import RequestForm
from transfers.requesting.services import ask_for_data
from transfers.requesting.template import Wish, as_text, request_parts, request_subject

SECTION: Final = "people"
SENT_REQUESTS: Final = "data-requests"
AN_HOUR: Final = 60 * 60
BY_PERSON: Final = 10
NEWEST: Final = 20
TOO_MANY: Final = (
    f"You have sent {BY_PERSON} requests within the hour, which is as many as may be sent from here. Nothing was sent. "
    "Wait an hour, or copy the text into an e-mail of your own."
)
CHIPS: Final = {
    RequestState.WAITING: Chip("Waiting to be sent", "", "○"),
    RequestState.SENDING: Chip("Being sent", "", "○"),
    RequestState.SENT: Chip("Sent", "good", "✓"),
    RequestState.FAILED: Chip("Failed", "bad", "✕"),
    RequestState.UNKNOWN: Chip("Unknown whether it was sent", "warn", "!"),
}


@require_safe
def request_data(request: HttpRequest) -> HttpResponse:
    """The e-mail template with the parts to change marked, the form, and the requests that were sent."""
    return _page(request, RequestForm())


@sensitive_post_parameters()
@require_POST
def request_mail(request: HttpRequest) -> HttpResponse:
    """A POST shows the preview of the e-mail; with "send" in it the e-mail is sent."""
    form = RequestForm(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return _page(request, form, status=400 if form.errors else 200)
    user, district = person(request), district_of(request)
    subject, body = request_subject(district), as_text(request_parts(district, user, _school(user), form.wish()))
    if "send" not in request.POST:
        context = {"tab": "import", "form": form, "subject": subject, "body": body, "said": form.cleaned_data}
        return page(request, "transfers/request_preview.html", SECTION, context)
    if is_too_often(SENT_REQUESTS, str(district.pk), user.actor, BY_PERSON, AN_HOUR):
        messages.error(request, TOO_MANY)
        return redirect("transfers_request")
    said = form.cleaned_data
    ask_for_data(
        district, form.wish().kind or said["kind"], school_id=own_school(user), recipient=said["recipient"],
        reply_to=user.email, subject=subject, body=body, actor=user.actor, at=clock.now(),
    )  # fmt: skip
    messages.success(
        request,
        "The request is on its way; below you see whether the mail server took it. The answer with the transfer code "
        f"goes to {user.email}.",
    )
    return redirect("transfers_request")


def _page(request: HttpRequest, form: RequestForm, status: int = 200) -> HttpResponse:
    user, district = person(request), district_of(request)
    context: dict[str, Any] = {
        "tab": "import",
        "form": form,
        "subject": request_subject(district),
        "parts": request_parts(district, user, _school(user), Wish()),
        "requests": [(one, CHIPS[RequestState(one.state)]) for one in _newest(user)],
    }
    return page(request, "transfers/request.html", SECTION, context, status=status)


def _newest(user: User) -> list[DataRequest]:
    """The newest requests: all of the district's for its admins, a school admin's school's for them."""
    school = own_school(user)
    requests = DataRequest.objects.all() if school is None else DataRequest.objects.filter(school_id=school)
    return list(requests[:NEWEST])


def _school(user: User) -> str:
    school = own_school(user)
    return "" if school is None else str(School.objects.filter(pk=school).values_list("name", flat=True).first() or "")
