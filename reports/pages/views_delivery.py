"""Getting a report by e-mail: asking for it, the link of the e-mail, and ending it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import district_of, person, whole_number
from reports.asking.asked import asked_again
from reports.delivery.errors import DeliveryError
from reports.delivery.models import Every
from reports.delivery.services import Rhythm, end_subscription, subscribe
from reports.delivery.subscriptions.models import ReportSubscription
from reports.delivery.wording import rhythm_words
from reports.pages.views import reading_or_404
from tenants import clock

OWN = "You ended it."


@require_POST
def begin(request: HttpRequest, report: str) -> HttpResponse:
    """Send somebody the report, with the filters of the address, from now on."""
    reading, user = reading_or_404(request, report), person(request)
    rhythm = _rhythm(request, reading.report.suite)
    try:
        made = subscribe(district_of(request), user, reading.asked, rhythm, at=clock.now())
    except DeliveryError as error:
        messages.error(request, str(error))
    else:
        when = rhythm_words(made)
        messages.success(request, f"You get “{reading.report.title}” by e-mail: {when}. A link, never the report.")
    return redirect(f"{reverse('report', args=[report])}?{reading.asked.query}")


@require_safe
def follow(request: HttpRequest, subscription: UUID) -> HttpResponse:
    """The link of an e-mail: to the report with its filters, for the person who asked for it."""
    found = get_object_or_404(ReportSubscription, pk=subscription, user_id=person(request).pk)
    asked = asked_again(found.report, found.filters, found.student_id)
    return redirect(f"{reverse('report', args=[found.report])}?{asked.query}")


@require_POST
def end(request: HttpRequest, subscription: UUID) -> HttpResponse:
    """Stop sending."""
    user = person(request)
    if not ReportSubscription.objects.filter(pk=subscription, user_id=user.pk).exists():
        raise Http404("There is no such report of yours.")
    if end_subscription(district_of(request), subscription, why=OWN, actor=user.actor, at=clock.now(), user=user):
        messages.success(request, "It is not sent any more.")
    return redirect("reports")


def _rhythm(request: HttpRequest, suite: str) -> Rhythm:
    hour = whole_number(request.POST.get("hour", "")) or 0
    if request.POST.get("every") == Every.BEFORE_RESET:
        return Rhythm(Every.BEFORE_RESET, hour, suite=suite, days=whole_number(request.POST.get("days", "")))
    return Rhythm(Every.WEEKLY, hour, weekday=whole_number(request.POST.get("weekday", "")))
