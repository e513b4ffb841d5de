"""How the page of a date answers a POST: itself again, with what has become of the date."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from resets.desk.chosen import Chosen
from resets.models import ResetSchedule
from tenants.templatetags.words import day as long_day


def moved(request: HttpRequest, chosen: Chosen, schedule: ResetSchedule) -> HttpResponse:
    """The page again, with what has become of the date."""
    before = f"from {long_day(chosen.schedule.on)} to" if chosen.schedule else "on"
    text = (
        f"{chosen.district}: the reset of {chosen.suite.name} is {'moved ' if chosen.schedule else ''}{before} "
        f"{long_day(schedule.on)}. It starts by itself on that day; nothing else is to be done."
    )
    messages.success(request, text)
    return HttpResponseRedirect(reverse("admin:resets_pick", args=[schedule.pk]))


def told(request: HttpRequest, chosen: Chosen, text: str) -> HttpResponse:
    """The page again, with what went wrong."""
    messages.error(request, text)
    return HttpResponseRedirect(chosen.address)
