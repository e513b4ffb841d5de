"""Stopping everything, letting it go on, and the ceiling. A CSM may stop; only a superuser lets go on and bounds."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from resets.controls import engine_control, resume_work, set_ceiling, stop_work
from resets.desk.controls_form import CeilingForm, ReasonForm
from resets.desk.people import names_of
from resets.errors import ScheduleError
from resets.models import ControlChange, ResetRun, ResetSchedule, RunState
from resets.planner import waiting_districts, waiting_for_data
from tenants import clock
from tenants.desk import actor_of, is_superuser, own_book

KEPT = 25
SURE = "sure"


@require_http_methods(["GET", "HEAD", "POST"])
def controls_page(request: HttpRequest) -> HttpResponse:
    """The switch and the ceiling. A POST asks (`do=stop`, `resume`, `ceiling`); with `sure` it is done."""
    if request.method != "POST":
        return _page(request, {})
    actions: dict[str, Callable[[HttpRequest], HttpResponse]] = {
        "stop": _stop, "resume": _resume, "ceiling": _ceiling,
    }  # fmt: skip
    action = actions.get(request.POST.get("do", ""))
    return action(request) if action else _page(request, {})


def environment(_request: HttpRequest) -> list[str] | None:
    """The mark at the head of every page of the desk while all destructive work is stopped."""
    return ["All resets are stopped", "danger"] if engine_control().stopped_at else None


def _stop(request: HttpRequest) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="stop_%s")
    if not form.is_valid():
        return _page(request, {"stop_form": form}, status=400)
    if SURE not in request.POST:
        return _page(request, {"stop_form": form, "asked": "stop", "reason": form.cleaned_data["reason"]})
    return _do(
        request,
        lambda: stop_work(actor=actor_of(request), reason=form.cleaned_data["reason"], at=clock.now()),
        "Everything is stopped: no reset and no anonymization commits from now on.",
    )


def _resume(request: HttpRequest) -> HttpResponse:
    _superuser(request)
    form = ReasonForm(request.POST, auto_id="resume_%s")
    if not form.is_valid():
        return _page(request, {"resume_form": form}, status=400)
    return _do(
        request,
        lambda: resume_work(actor=actor_of(request), reason=form.cleaned_data["reason"], at=clock.now()),
        "Work goes on: what has become due meanwhile begins within a minute, unless its rostering has begun.",
    )


def _ceiling(request: HttpRequest) -> HttpResponse:
    _superuser(request)
    form = CeilingForm(request.POST, auto_id="ceiling_%s")
    if not form.is_valid():
        return _page(request, {"ceiling_form": form}, status=400)
    said = form.cleaned_data
    bound = said["districts"]
    return _do(
        request,
        lambda: set_ceiling(bound, actor=actor_of(request), reason=said["reason"], at=clock.now()),
        f"At most {bound:,} districts begin within any hour." if bound else "There is no ceiling any more.",
    )


def _do(request: HttpRequest, work: Callable[[], None], done: str) -> HttpResponse:
    try:
        work()
    except ScheduleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:resets_controls"))


def _superuser(request: HttpRequest) -> None:
    if not is_superuser(request):
        raise PermissionDenied("Only a superuser may let work go on or set the ceiling. Ask one.")


def _page(request: HttpRequest, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    now = clock.now()
    control = engine_control()
    changes = list(_own_changes(request).select_related("schedule__district")[:KEPT])
    names = names_of([*(change.actor for change in changes), *filter(None, [control.stopped_by])])
    context = {
        **admin.site.each_context(request),
        "title": "Stop and ceiling",
        "control": control,
        "stopped_by": names.get(control.stopped_by, ""),
        "changes": [{"change": change, "who": names[change.actor]} for change in changes],
        "under_way": ResetRun.objects.filter(state__in=(RunState.QUEUED, RunState.RUNNING)).count(),
        "tonight": _due_within_a_day(now),
        "waiting": waiting_districts(now),
        "waiting_for_data": waiting_for_data(now),
        "is_superuser": is_superuser(request),
        "stop_form": ReasonForm(auto_id="stop_%s"),
        "resume_form": ReasonForm(auto_id="resume_%s"),
        "ceiling_form": CeilingForm(auto_id="ceiling_%s", initial={"districts": control.districts_per_hour}),
        **forms,
    }
    return render(request, "admin/resets/controls.html", context, status=status)


def _own_changes(request: HttpRequest) -> Any:
    """Uses of the switch and the ceiling, which concern everybody, and holds in the own book."""
    own = Q(schedule=None) | Q(schedule__district__in=own_book(request).values("pk"))
    return ControlChange.objects.all() if is_superuser(request) else ControlChange.objects.filter(own)


def _due_within_a_day(now: dt.datetime) -> int:
    today = now.date()
    days = (today, today + dt.timedelta(days=1))
    return ResetSchedule.objects.filter(on__in=days, held_at=None).exclude(runs__state=RunState.COMPLETED).count()
