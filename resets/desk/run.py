"""A run's page: how far it is, what it counted, how it was proven, what went wrong, and what may be done about it."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pages import whole_number
from resets.controls import engine_control, hold_schedule, release_schedule
from resets.desk.advice import advice_for, data_words
from resets.desk.controls_form import ReasonForm
from resets.desk.export_show import shown_standing
from resets.desk.people import names_of
from resets.desk.run_data import category_rows, follow_ups, school_lines, totals
from resets.desk.suites import suite_names
from resets.errors import ScheduleError
from resets.exports.recorded import recorded_words
from resets.exports.standing import standing_of
from resets.exports.words import waits_words
from resets.models import ControlChange, ResetRun, RunState
from resets.services import request_run
from resets.views.words import percent_of, run_chip, steps_of
from tenants import clock
from tenants.desk import actor_of, own_book, school_years

FINAL = (RunState.COMPLETED, RunState.FAILED)
HELD_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def run_page(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a run of the own book. A POST tries again, holds or releases.

    Raises:
        PermissionDenied: anything else was asked of the record.
    """
    run = own_run(request, key)
    if request.method != "POST":
        return _page(request, run, ReasonForm())
    asked = request.POST.get("do", "")
    if asked == "again":
        return _again(request, run)
    if asked in ("hold", "release"):
        return _hold(request, run, asked)
    raise PermissionDenied("A run is a record: nothing of it can be changed.")


@require_safe
def run_progress(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The piece that tells how far a run is; a finished one makes the page load anew."""
    run = own_run(request, str(key))
    if run.state in FINAL:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "admin/resets/parts/run_progress.html", _progress(run))


def own_run(request: HttpRequest, key: str) -> ResetRun:
    """A run of the own book.

    Raises:
        Http404: there is none with this key.
    """
    try:
        run_id = uuid.UUID(key)
    except ValueError:
        raise Http404("That is no run's id.") from None
    runs = ResetRun.objects.select_related("district__csm", "schedule").filter(district__in=own_book(request))
    run = runs.filter(pk=run_id).first()
    if run is None:
        raise Http404("There is no such run in your book.")
    return run


def _again(request: HttpRequest, run: ResetRun) -> HttpResponse:
    try:
        new = request_run(run.district, run.suite, run.school_year, actor=actor_of(request), now=clock.now())
    except ScheduleError as error:
        messages.error(request, f"Not tried again: {error}")
        return _back(run)
    messages.success(request, "Another run is asked for: it begins within seconds. This is its page.")
    return _back(new)


def _hold(request: HttpRequest, run: ResetRun, asked: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if run.schedule is None:
        messages.error(request, "This run has no date that could be held.")
        return _back(run)
    if not form.is_valid():
        return _page(request, run, form, status=400)
    use, done = (
        (hold_schedule, "Held: nothing of this suite is reset until it is released.")
        if asked == "hold"
        else (release_schedule, "Released: if its date has come it begins within a minute.")
    )
    try:
        use(run.schedule, actor=actor_of(request), reason=form.cleaned_data["reason"], at=clock.now())
    except ScheduleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return _back(run)


def _back(run: ResetRun) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:resets_resetrun_change", args=[run.pk]))


def _page(request: HttpRequest, run: ResetRun, form: ReasonForm, status: int = 200) -> HttpResponse:
    rows = category_rows(run)
    newest = ResetRun.objects.filter(district=run.district_id, suite=run.suite, school_year=run.school_year)
    changes = list(ControlChange.objects.filter(schedule=run.schedule_id)[:HELD_SHOWN]) if run.schedule_id else []
    names = names_of([run.actor, *(change.actor for change in changes)])
    suite = suite_names().get(run.suite, run.suite)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"{run.district}: {suite}, {school_years(run.school_year)}",
        "suite": suite,
        "years": school_years(run.school_year),
        "chip": run_chip(run),
        "who": names[run.actor],
        "rows": rows,
        "total": totals(rows),
        "opened": _opened(request, run),
        "advice": advice_for(run),
        "data_words": data_words(run),
        "year_data": recorded_words(run.evidence.get("export", {}), run.district.time_zone),
        "data_standing": shown_standing(run.schedule, clock.now()) if run.state != RunState.COMPLETED else None,
        "newest": newest.order_by("-created_at").first(),
        "follow_ups": follow_ups(run) if run.state == RunState.COMPLETED else [],
        "changes": [{"change": change, "who": names[change.actor]} for change in changes],
        "form": form,
        "log": [{**line, "at": dt.datetime.fromisoformat(line["at"])} for line in run.log if not line.get("step")],
        **_progress(run),
    }
    return render(request, "admin/resets/run.html", context, status=status)


def _progress(run: ResetRun) -> dict[str, Any]:
    under_way = run.state not in FINAL
    return {
        "run": run,
        "percent": percent_of(run),
        "steps": steps_of(run),
        "under_way": under_way,
        "waits": _why_it_waits(run) if under_way else "",
    }


def _why_it_waits(run: ResetRun) -> str:
    """Why a run that is not finished does nothing now; empty while it is at work."""
    if engine_control().stopped_at is not None:
        return "Waiting until all work may go on"
    if run.schedule is not None and run.schedule.held_at is not None:
        return "Held: waiting until it is released"
    if run.schedule is not None and (standing := standing_of(run.schedule, now := clock.now())).waits(now):
        return waits_words(standing).removesuffix(".")
    return "Waiting for a worker" if run.state == RunState.QUEUED else ""


def _opened(request: HttpRequest, run: ResetRun) -> dict[str, Any] | None:
    """The category whose schools are asked for, a page of them; `schools=<position>-<category>`, `after=<school>`."""
    position, _, category = request.GET.get("schools", "").partition("-")
    if not (position.isascii() and position.isdecimal() and len(position) < 5 and category):
        return None
    after = whole_number(request.GET.get("after", ""))
    lines, more = school_lines(run, int(position), category, after)
    return {"position": int(position), "category": category, "lines": lines, "more": more, "later": after is not None}
