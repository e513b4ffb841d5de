"""Undoing a reset at the desk: what would come back, asking a second person, and starting it when they agree."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.pages import whole_number
from approvals.errors import ApprovalError
from approvals.models import Approval
from approvals.services import actor_and_email
from products.registry import suite_named
from resets.approved import is_repeat
from resets.desk.run import own_run
from resets.errors import ScheduleError
from resets.models import ResetRun, Restore
from resets.repeating import ask_repeat, repeat_of, start_repeat
from resets.restoring.errors import RestoreRefusedError
from resets.restoring.services import ask_restore, notes_on, preview_restore, start_restore
from tenants import clock
from tenants.desk import school_years

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def restore_page(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The page of a run's restore. A POST asks a second person, or starts what they approved.

    `do=ask` and `start` are about the restore, `repeat` and `again` about another reset after it.
    """
    run = own_run(request, str(key))
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    if asked == "start":
        return _start(request, run)
    if asked in ("repeat", "again") and isinstance(request.user, User):
        return _repeat(request, run, request.user, asked)
    schools = _schools(request)
    if request.method == "POST" and isinstance(request.user, User):
        try:
            restore = ask_restore(
                run, schools, **actor_and_email(request.user), reason=request.POST.get("reason", ""), at=clock.now()
            )
        except (RestoreRefusedError, ApprovalError) as error:
            return _page(request, run, schools, str(error), 400)
        messages.success(request, "Asked: a second person decides. It is among the approvals.")
        return redirect("admin:approvals_approval_change", restore.approval_id)
    return _page(request, run, schools)


def _start(request: HttpRequest, run: ResetRun) -> HttpResponse:
    waiting = Restore.objects.filter(run=run).order_by("-created_at").first()
    try:
        if waiting is None:
            raise RestoreRefusedError("Nothing was asked for.")
        start_restore(waiting, at=clock.now())
    except (RestoreRefusedError, ScheduleError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It begins within seconds, and tells its end on this page.")
    return redirect("admin:resets_restore", run.pk)


def _repeat(request: HttpRequest, run: ResetRun, user: User, asked: str) -> HttpResponse:
    try:
        if asked == "again":
            new = start_repeat(run, actor=user.actor, at=clock.now())
            return redirect("admin:resets_resetrun_change", new.pk)
        approval = ask_repeat(run, **actor_and_email(user), reason=request.POST.get("reason", ""), at=clock.now())
    except (ScheduleError, ApprovalError) as error:
        return _page(request, run, None, str(error), 400)
    messages.success(request, "Asked: a second person decides. It is among the approvals.")
    return redirect("admin:approvals_approval_change", approval.pk)


def _schools(request: HttpRequest) -> tuple[int, ...] | None:
    """The schools that were ticked; None for the whole suite."""
    said = request.POST if request.method == "POST" else request.GET
    if said.get("what") != "schools":
        return None
    return tuple(sorted({pk for text in said.getlist("school") if (pk := whole_number(text)) is not None}))


def _page(
    request: HttpRequest, run: ResetRun, schools: tuple[int, ...] | None, error: str = "", status: int = 200
) -> HttpResponse:
    found = preview_restore(run, schools)
    suite = suite_named(run.suite)
    totals: dict[str, list[int]] = {}
    for key, tally in found.back.lines.items():
        line = totals.setdefault(suite.category(key.category).label, [0, 0])
        line[0] += tally.archived
        line[1] += tally.changed
    restores = list(Restore.objects.filter(run=run)[:SHOWN])
    approvals = Approval.objects.in_bulk([restore.approval_id for restore in restores])
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"Undo the reset of {run.district}",
        "run": run,
        "suite": suite.name,
        "years": school_years(run.school_year),
        "found": found,
        "lines": [{"label": label, "archived": one, "changed": two} for label, (one, two) in sorted(totals.items())],
        "notes": notes_on(found),
        "chosen": schools,
        "reason": request.POST.get("reason", ""),
        "error": error,
        "is_repeat": is_repeat(run.district, run.suite, run.school_year),
        "repeat": repeat_of(run),
        "restores": [{"restore": each, "approval": approvals.get(each.approval_id)} for each in restores],
    }
    return render(request, "admin/resets/restore.html", context, status=status)
