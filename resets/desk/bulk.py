"""Changing many districts' dates: choose the date, see who is refused and why, then change the others."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from resets.bulk.change import change_dates
from resets.bulk.judge import judge_all
from resets.bulk.wish import Plan, read_keys, read_plan, sign_keys, sign_plan
from resets.desk.board import parse_filters, schedules_matching
from resets.desk.bulk_form import BulkForm
from resets.desk.bulk_show import preview_csv, preview_of
from resets.errors import ScheduleError
from resets.models import ResetSchedule
from tenants import clock
from tenants.desk import actor_of, own_book

CHOOSE, PREVIEW = "admin/resets/bulk_choose.html", "admin/resets/bulk_preview.html"

Step = Callable[[HttpRequest], HttpResponse | StreamingHttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_page(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Step by step, by `step`: none (the board's choice), choose, preview, csv, apply."""
    if request.method != "POST":
        return _show(request, CHOOSE, {"number": 0})
    try:
        return STEPS.get(request.POST.get("step", ""), _from_the_board)(request)
    except ScheduleError as error:
        messages.error(request, f"Nothing was changed: {error}.")
        return HttpResponseRedirect(reverse("admin:resets_bulk"))


def choose_dates(request: HttpRequest, schedules: QuerySet[ResetSchedule]) -> HttpResponse:
    """The first step, for schedules that were chosen on a list; those of others' books are left out.

    Raises:
        ScheduleError: there are none, or too many.
    """
    own = schedules.filter(pk__in=_own(request).values("pk")).order_by("pk").values_list("pk", flat=True)
    return _choose(request, list(own))


def _choose(request: HttpRequest, keys: list[int], form: BulkForm | None = None, status: int = 200) -> HttpResponse:
    context = {"number": len(keys), "chosen": sign_keys(keys, actor_of(request)), "form": form or BulkForm()}
    return _show(request, CHOOSE, context, status=status)


def _choose_again(request: HttpRequest) -> HttpResponse:
    return _choose(request, read_keys(request.POST.get("chosen", ""), actor_of(request)))


def _from_the_board(request: HttpRequest) -> HttpResponse:
    return choose_dates(request, _chosen_on_the_board(request))


def _chosen_on_the_board(request: HttpRequest) -> QuerySet[ResetSchedule]:
    """The ticked ones, or with `filters` (the board's query string) all that match."""
    filters = request.POST.get("filters")
    if filters is not None:
        return schedules_matching(request, parse_filters(QueryDict(filters)))
    keys = [key for key in request.POST.getlist("schedule") if key.isascii() and key.isdecimal() and len(key) < 19]
    return ResetSchedule.objects.filter(pk__in=keys)


def _preview(request: HttpRequest) -> HttpResponse:
    keys = read_keys(request.POST.get("chosen", ""), actor_of(request))
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _choose(request, keys, form, status=400)
    wish, now = form.wish(), clock.now()
    preview = preview_of(judge_all(_own(request), keys, wish, now))
    plan = Plan(uuid.uuid4(), actor_of(request), wish, form.cleaned_data["reason"], tuple(preview.rows))
    context = {
        "preview": preview,
        "wish": wish,
        "form": form,
        "reason": plan.reason,
        "plan": sign_plan(plan),
        "chosen": sign_keys(keys, actor_of(request)),
        "again": _again(form),
        "left_out": len(keys) - len(preview.rows),
    }
    return _show(request, PREVIEW, context)


def _again(form: BulkForm) -> list[tuple[str, Any]]:
    """The fields that ask for the same once more, as hidden fields."""
    return [(name, form.data.get(name, "")) for name in form.fields if name != "nearest"]


def _file(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    plan = read_plan(request.POST.get("plan", ""), actor_of(request))
    return preview_csv(judge_all(_own(request), [key for key, _, _ in plan.rows], plan.wish, clock.now()))


def _apply(request: HttpRequest) -> HttpResponse:
    plan = read_plan(request.POST.get("plan", ""), actor_of(request))
    change = change_dates(plan, _own(request), clock.now())
    return HttpResponseRedirect(reverse("admin:resets_bulk_result", args=[change.pk]))


def _own(request: HttpRequest) -> QuerySet[ResetSchedule]:
    return ResetSchedule.objects.filter(district__in=own_book(request).filter(removed_at=None))


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    own = {**admin.site.each_context(request), "title": "Change many dates"}
    return render(request, template, {**own, **context}, status=status)


STEPS: Final[Mapping[str, Step]] = {"choose": _choose_again, "preview": _preview, "csv": _file, "apply": _apply}
