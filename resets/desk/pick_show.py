"""What the page on which a date is picked shows: its parts' contexts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from resets.counted import ask_for_count, counted_preview, last_failure, open_count
from resets.counted_lines import lines_of, lines_uncounted
from resets.desk.chosen import Chosen
from resets.desk.export_show import shown_standing
from resets.desk.people import names_of
from resets.desk.pick_form import PickForm, verdict_on
from resets.models import ScheduleChange
from tenants import clock

PAGE = "admin/resets/pick.html"
SHOWN = 50
"""So many changes of a date are shown; more than a few are rare."""


def show_page(request: HttpRequest, chosen: Chosen, form: PickForm, status: int = 200) -> HttpResponse:
    """The whole page; a count that is due is asked for."""
    context = {
        **admin.site.each_context(request), **panel(chosen, form), **counts(chosen, fresh=True),
        "title": "Pick a date",
        "data_standing": shown_standing(chosen.schedule, clock.now()),
        "changes": _history(chosen),
    }  # fmt: skip
    return render(request, PAGE, context, status=status)


def panel(chosen: Chosen, form: PickForm) -> dict[str, Any]:
    """The form, and what is said of the date in it."""
    on, window = form.day(), chosen.window
    exception = form.said("exception_reason")
    return {
        "chosen": chosen,
        "form": form,
        "verdict": verdict_on(chosen, window, on, exception) if on and window and chosen.is_open else None,
        "asked_words": own_words(chosen.asked) if chosen.asked else "",
    }


def counts(chosen: Chosen, *, fresh: bool) -> dict[str, Any]:
    """What was counted last, and whether it is being counted; `fresh` has it counted where that is due."""
    schedule, now = chosen.schedule, clock.now()
    if schedule is None:
        return {"chosen": chosen, "lines": lines_uncounted(chosen.suite.code)}
    job = ask_for_count(schedule, now) if fresh else open_count(schedule)
    counted = counted_preview(schedule)
    return {
        "chosen": chosen,
        "counted": counted,
        "lines": lines_of(schedule.suite, counted) if counted else lines_uncounted(schedule.suite),
        "counting": job is not None,
        "failure": "" if job else last_failure(schedule),
    }


def own_words(asked: ScheduleChange) -> str:
    """The district's reason, without the words that the record puts before it."""
    return asked.reason.partition(": ")[2] or asked.reason


def _history(chosen: Chosen) -> list[dict[str, Any]]:
    if chosen.schedule is None:
        return []
    changes = list(ScheduleChange.objects.filter(schedule=chosen.schedule).order_by("-pk")[:SHOWN])
    names = names_of(change.actor for change in changes)
    return [{"change": change, "who": names[change.actor]} for change in changes]
