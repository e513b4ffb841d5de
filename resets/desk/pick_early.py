"""A date before the earliest one at the desk: asking a second person, and picking it when they agree."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from accounts.pages import whole_number
from approvals.errors import ApprovalError
from resets.desk.chosen import Chosen
from resets.desk.pick_form import PickForm
from resets.desk.pick_told import moved
from resets.early import ask_early, pick_early
from resets.errors import ScheduleError
from tenants import clock
from tenants.desk import actor_of


def early_posted(request: HttpRequest, chosen: Chosen, asked: str) -> HttpResponse:
    """Ask for the date in the form (`early`), or pick it (`pick_early`); what goes wrong is told on the page."""
    form = PickForm(chosen, request.POST)
    on = form.day()
    try:
        if on is None:
            raise ScheduleError("Choose a date.")
        if asked == "pick_early":
            schedule = pick_early(
                chosen.district, chosen.suite.code, chosen.school_year, on, actor=actor_of(request),
                as_of=chosen.as_of, seen=whole_number(form.said("seen")) or 0,
            )  # fmt: skip
            return moved(request, chosen, schedule)
        approval = ask_early(
            chosen.district, chosen.suite.code, chosen.school_year, on, reason=form.said("reason"),
            actor=actor_of(request), email=getattr(request.user, "email", ""), at=clock.now(), as_of=chosen.as_of,
        )  # fmt: skip
    except (ScheduleError, ApprovalError) as error:
        messages.error(request, f"The date was not changed: {error}")
        shown = f"?on={on:%Y-%m-%d}" if on else ""
        return HttpResponseRedirect(f"{chosen.address}{shown}")
    messages.success(request, "Asked: a second person decides. Then the date can be picked on its page.")
    return redirect("admin:approvals_approval_change", approval.pk)
