"""Picking a date: one page that answers while the CSM chooses. Without JavaScript its buttons ask the same."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.pages import is_htmx, whole_number
from resets.counted import ask_for_count
from resets.desk.chosen import Chosen, chosen_by_schedule, chosen_by_suite
from resets.desk.pick_early import early_posted
from resets.desk.pick_form import PickForm
from resets.desk.pick_show import counts, own_words, panel, show_page
from resets.desk.pick_told import moved, told
from resets.errors import ScheduleError
from resets.models import ResetWindow
from resets.selectors import pick_refusals
from resets.services import schedule_reset
from tenants import clock
from tenants.desk import actor_of

COUNTS = "admin/resets/parts/counts.html"


@require_http_methods(["GET", "HEAD", "POST"])
def pick_page(request: HttpRequest, object_id: str) -> HttpResponse:
    """The page of a schedule. A POST checks a date (`do=check`, `use=<date>`), counts again, or picks it."""
    return _answer(request, chosen_by_schedule(request, object_id))


@require_http_methods(["GET", "HEAD", "POST"])
def pick_first_page(request: HttpRequest, district_id: str, suite: str, school_year: int) -> HttpResponse:
    """The same for a suite that has no date yet."""
    chosen = chosen_by_suite(request, district_id, suite, school_year)
    if chosen.schedule is not None and request.method != "POST":
        return HttpResponseRedirect(chosen.address)
    return _answer(request, chosen)


def _answer(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, chosen)
    if is_htmx(request) and request.GET.get("part") == "counts":
        return render(request, COUNTS, counts(chosen, fresh=False))
    return show_page(request, chosen, PickForm(chosen, initial=_initial(chosen, request.GET.get("on"))))


def _posted(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    asked, use = request.POST.get("do", ""), request.POST.get("use", "")
    if asked == "count":
        return _count_again(request, chosen)
    if chosen.window is None or not chosen.is_open:
        return told(request, chosen, "The date cannot be changed any more.")
    if asked == "agree":
        return _agree(request, chosen)
    if asked in ("early", "pick_early"):
        return early_posted(request, chosen, asked)
    data = request.POST.copy()
    data["on"] = use or data.get("on", "")
    form = PickForm(chosen, data)
    return _checked(request, chosen, form) if asked == "check" or use else _pick(request, chosen, chosen.window, form)


def _checked(request: HttpRequest, chosen: Chosen, form: PickForm) -> HttpResponse:
    """The answer to a date that is not picked yet: the panel alone for htmx, with the fields when one was filled."""
    form.full_clean()
    form.errors.clear()  # nothing is wrong with a form that is not sent yet; the panel tells of the date
    if not is_htmx(request):
        return show_page(request, chosen, form)
    part = "form" if request.POST.get("use") else "verdict"
    form.fields["reason"].widget.attrs["autofocus"] = True  # the button that was used is gone
    return render(request, f"admin/resets/parts/pick_{part}.html", panel(chosen, form))


def _pick(request: HttpRequest, chosen: Chosen, window: ResetWindow, form: PickForm) -> HttpResponse:
    if not form.is_valid():
        return show_page(request, chosen, form, status=400)
    said = form.cleaned_data
    exception = said.get("exception_reason", "")
    refused = pick_refusals(chosen.district, window, said["on"], as_of=chosen.as_of, exception_reason=exception)
    for refusal in refused:
        form.add_error("on", refusal.text)
    if refused:
        return show_page(request, chosen, form, status=400)
    return _scheduled(request, chosen, said["on"], said["reason"], exception, seen=said["seen"] or 0)


def _agree(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    """Pick the date that the district asked for; its reason is the reason, and the exception's where one is needed."""
    if chosen.asked is None or chosen.asked.asked_on is None:
        return told(request, chosen, "The district asks for no other date.")
    reason = f"As the district asked: {own_words(chosen.asked)}"[:300]
    exception = reason if chosen.exception_allowed else ""
    number = whole_number(request.POST.get("seen", "")) or 0
    return _scheduled(request, chosen, chosen.asked.asked_on, reason, exception, seen=number)


def _scheduled(
    request: HttpRequest, chosen: Chosen, on: Any, reason: str, exception: str, *, seen: int
) -> HttpResponse:
    try:
        schedule = schedule_reset(
            chosen.district, chosen.suite.code, chosen.school_year, on, actor=actor_of(request), as_of=chosen.as_of,
            reason=reason, exception_reason=exception, seen=seen,
        )  # fmt: skip
    except ScheduleError as error:
        return told(request, chosen, f"The date was not changed: {error}")
    return moved(request, chosen, schedule)


def _count_again(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    if chosen.schedule is not None:
        ask_for_count(chosen.schedule, clock.now(), again=True)
    if is_htmx(request):
        return render(request, COUNTS, counts(chosen, fresh=False))
    return HttpResponseRedirect(f"{chosen.address}#counts")


def _initial(chosen: Chosen, wanted: str | None) -> dict[str, Any]:
    """The form's first values: the date of the address, else the one that there is, else the window's default."""
    on = wanted or (chosen.schedule.on if chosen.schedule else chosen.window.default_on if chosen.window else None)
    kept = chosen.schedule.exception_reason if chosen.schedule else ""
    return {"on": on, "exception_reason": kept, "seen": chosen.seen}
