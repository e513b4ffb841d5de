"""What will happen: the policy in the source's words, with counts; and the district's answer to the date."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from django_tenants.utils import schema_context

from accounts.pages import district_admin, district_of, moment, own_school, page, person, today
from products.datamap import Suite
from products.registry import suite_named
from resets.counted import ask_for_count, count_schedule, counted_preview, is_stale
from resets.engine.preview import preview, preview_notes
from resets.errors import DateRefusedError, NoWindowError, ScheduleError
from resets.policies.registry import policy_for
from resets.selectors import date_refusals
from resets.services import agree_to_date, ask_for_date
from resets.views.history import history_of
from resets.views.reads import SuiteYear, suite_year
from resets.views.rows import add_up, kept_rows, preview_rows
from resets.views.waive import WaiveForm, waive
from resets.views.year_data import with_data
from rostering.models import School


class AskForm(forms.Form):
    """Another date, and why."""

    on = forms.DateField(
        label="The date that you ask for",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose a date.", "invalid": "Write the date as year-month-day: 2026-07-14."},
    )
    reason = forms.CharField(
        label="The reason, for your customer success manager",
        max_length=300,
        error_messages={"required": "Say in a few words why: your customer success manager decides by it."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reset_preview(request: HttpRequest, suite: str, school_year: int) -> HttpResponse:
    """The preview; a POST agrees to the date (`answer=agree`), asks for another (`ask`), or waives the download."""
    chosen = _resettable(suite)
    if school_year not in range(2000, 2200):
        raise Http404("There is no such school year.")
    form, waiver = AskForm(), WaiveForm(word=district_of(request).name)
    if request.method == "POST":
        if request.POST.get("answer") == "check":
            return _verdict(request, chosen, school_year, AskForm(request.POST))
        if request.POST.get("answer") == "waive":
            waiver = WaiveForm(request.POST, word=waiver.word)
            done = waive(request, chosen, school_year, waiver)
        else:
            form = AskForm(request.POST)
            done = _answered(request, chosen, school_year, form)
        if done:
            return redirect("reset_preview", suite, school_year)
    (year,) = with_data([suite_year(district_of(request), chosen, school_year, today(request))], moment(request))
    context = {"year": year, "form": form, **_counts(request, year)}
    context |= {"data": year.data, "waive_form": waiver}
    context |= {"changes": history_of(year.schedule), "section_page": "true"}
    return page(request, "resets/preview.html", "resets", context, status=400 if form.errors or waiver.errors else 200)


def _verdict(request: HttpRequest, suite: Suite, school_year: int, form: AskForm) -> HttpResponse:
    """Whether the date that is being chosen could be had: a piece of the form, for htmx. Nothing is recorded."""
    district_admin(request)
    form.is_valid()
    on = form.cleaned_data.get("on")
    context: dict[str, Any] = {"on": on, "problem": "" if on else " ".join(map(str, form.errors.get("on", [])))}
    if on:
        reason = form.cleaned_data.get("reason", "")
        try:
            context["refusals"] = date_refusals(
                district_of(request), suite.code, school_year, on, as_of=today(request), exception_reason=reason
            )
        except NoWindowError:
            context["problem"] = "No dates have been opened for this school year yet."
    return page(request, "resets/parts/verdict.html", "resets", context)


def _counts(request: HttpRequest, year: SuiteYear) -> dict[str, Any]:
    """The rows, unless the reset has been made: then its own page has the figures.

    What was counted last is shown at once; it is counted here and now, school by school, when somebody asks for that
    (`?by=school`), for a school admin, and when there is no count yet.
    """
    if year.is_done:
        return {"rows": []}
    school_id = own_school(person(request))
    by_school = school_id is not None or request.GET.get("by") == "school"
    if not by_school and (kept := _kept(request, year)):
        return kept
    found = preview(district_of(request), year.suite.code, year.school_year, year.as_of)
    rows = preview_rows(found, school_id)
    return {
        "rows": rows,
        "total": add_up(row.counts for row in rows),
        "notes": found.notes,
        "reset_on": found.reset_on,
        "school": School.objects.filter(pk=school_id).first() if school_id is not None else None,
        "policy": found.plan.policy,
        "by_school": by_school,
    }


def _kept(request: HttpRequest, year: SuiteYear) -> dict[str, Any] | None:
    """The counts that are kept, by this policy and for this date; a stale one is counted anew by a worker meanwhile."""
    if year.schedule is None:
        return None
    now, policy = moment(request), policy_for(year.suite.code)
    with schema_context("public"):
        counted = counted_preview(year.schedule)
        if counted is None or counted.policy_version != policy.version or counted.reset_on != year.schedule.on:
            counted = count_schedule(year.schedule, now)
        if is_stale(year.schedule, counted, now):
            ask_for_count(year.schedule, now)
    rows = kept_rows(year.suite.code, counted)
    return {
        "rows": rows,
        "total": add_up(row.counts for row in rows),
        "policy": policy,
        "counted_at": counted.counted_at,
        "notes": preview_notes(district_of(request), year.suite.code, year.school_year, year.schedule.on),
    }


def _answered(request: HttpRequest, suite: Suite, school_year: int, form: AskForm) -> bool:
    """Record the answer; false when the form has to be shown again."""
    user, district, as_of = district_admin(request), district_of(request), today(request)
    try:
        if request.POST.get("answer") == "agree":
            schedule = agree_to_date(district, suite.code, school_year, actor=user.actor, as_of=as_of)
            messages.success(request, f"You agreed to {_long(schedule.on)} for {suite.name}.")
            return True
        if not form.is_valid():
            return False
        asked = form.cleaned_data
        ask_for_date(
            district, suite.code, school_year, asked["on"], actor=user.actor, as_of=as_of, reason=asked["reason"]
        )
    except DateRefusedError as error:
        form.add_error("on", str(error))
        return False
    except ScheduleError as error:
        messages.error(request, str(error))
        return True
    messages.success(
        request,
        f"You asked for {_long(asked['on'])}. The date stays as it is until your customer success manager has "
        "picked the new one.",
    )
    return True


def _resettable(code: str) -> Suite:
    try:
        found = suite_named(code)
        resettable = policy_for(code).resettable
    except LookupError:
        resettable = False
    if not resettable:
        raise Http404("There is no such reset.")
    return found


def _long(on: dt.date) -> str:
    return f"{on:%A, %B} {on.day}, {on.year}"
