"""The year's data of one reset at the desk: what is missing, until when it waits, and waiving it with a reason."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from resets.counted_lines import label_of
from resets.desk.chosen import Chosen, chosen_by_schedule
from resets.desk.controls_form import ReasonForm
from resets.desk.export_show import shown_standings
from resets.desk.people import names_of
from resets.errors import ScheduleError
from resets.exports.rules import deleting_rules
from resets.exports.services import waive_export
from resets.models import ResetSchedule, YearExport
from tenants import clock
from tenants.desk import actor_of

STEPS = (
    ("built_at", "A package was made", ""),
    ("checked_at", "It was read back and checked", ""),
    ("downloaded_at", "It was downloaded", "downloaded_by"),
    ("gone_at", "Its file was destroyed", ""),
    ("printed_at", "The Schoolwide Points report was printed", "printed_by"),
    ("waived_at", "The wait for it was waived", "waived_by"),
)


class WaiverForm(ReasonForm):
    """Why the reset need not wait; the district reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "It is kept, and the district sees it."


@require_http_methods(["GET", "HEAD", "POST"])
def export_page(request: HttpRequest, object_id: str) -> HttpResponse:
    """The page of a schedule of the own book; a POST waives the wait, with a reason."""
    chosen = chosen_by_schedule(request, object_id)
    schedule = chosen.schedule
    assert schedule is not None  # noqa: S101 - found by it
    if request.method != "POST":
        return _page(request, chosen, schedule, WaiverForm())
    form = WaiverForm(request.POST)
    if not form.is_valid():
        return _page(request, chosen, schedule, form, status=400)
    _waive(request, chosen, form.cleaned_data["reason"])
    return HttpResponseRedirect(request.path)


def _waive(request: HttpRequest, chosen: Chosen, reason: str) -> None:
    try:
        waive_export(
            chosen.district, chosen.suite.code, chosen.school_year, actor=actor_of(request), reason=reason,
            at=clock.now(),
        )  # fmt: skip
    except ScheduleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Waived: the reset waits for no download. The district sees by whom and why.")


def _page(
    request: HttpRequest, chosen: Chosen, schedule: ResetSchedule, form: WaiverForm, status: int = 200
) -> HttpResponse:
    shown = shown_standings([schedule], clock.now())[schedule.pk]
    export = shown.standing.export
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"The year's data: {chosen.suite.name}, {chosen.district}, {chosen.years}",
        "chosen": chosen,
        "shown": shown,
        "export": export,
        "steps": _steps(export) if export else [],
        "rules": _rules(chosen.suite.code),
        "may_waive": not (shown.standing.is_settled or chosen.is_done),
        "form": form,
    }
    return render(request, "admin/resets/export.html", context, status=status)


def _rules(suite: str) -> list[tuple[str, str]]:
    """What the suite's resets delete, in the source's words; what one sentence says of is one line."""
    found: dict[str, list[str]] = {}
    for rule in deleting_rules(suite):
        found.setdefault(rule.because, []).append(label_of(suite, rule.category))
    return [(", ".join(labels), because) for because, labels in found.items()]


def _steps(export: YearExport) -> list[dict[str, Any]]:
    """What has happened to the newest package, in order of time."""
    names = names_of(by for _, _, field in STEPS if field and (by := getattr(export, field)))
    found = [
        {"at": at, "what": what, "who": names.get(getattr(export, field), "") if field else ""}
        for name, what, field in STEPS
        if (at := getattr(export, name)) is not None
    ]
    return sorted(found, key=lambda step: step["at"])
