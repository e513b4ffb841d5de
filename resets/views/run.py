"""One run: how far it is; then what it did, per category and school, and how that was verified."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.pages import district_of, own_school, page, person
from holds.models import Ground
from products.registry import suite_named
from resets.exports.recorded import recorded_words
from resets.models import ResetRun, RunState
from resets.policies.registry import policy_for
from resets.selectors import counts_of, runs_of
from resets.views.rows import add_up, run_rows
from resets.views.undone import undone_of
from resets.views.words import failure_words, percent_of, run_chip, steps_of
from rostering.models import School

FINAL = (RunState.COMPLETED, RunState.FAILED)


@require_safe
def reset_run(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A run's page. While it is under way, htmx asks for its progress each second."""
    run = _own(request, key)
    context = _base(run)
    if run.state == RunState.COMPLETED:
        context |= {**_counts(request, run), "restores": undone_of([run])}
    elif run.state == RunState.FAILED:
        context |= {"plain": failure_words(run)}
    else:
        context |= _progress(run)
    return page(request, "resets/run.html", "resets", context)


@require_safe
def reset_run_progress(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The piece of the run's page that tells how far it is; a finished run makes the page load anew."""
    run = _own(request, key)
    if run.state in FINAL:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return page(request, "resets/parts/progress.html", "resets", {"run": run, **_progress(run)})


def _own(request: HttpRequest, key: uuid.UUID) -> ResetRun:
    run = runs_of(district_of(request)).filter(pk=key).first()
    if run is None:
        raise Http404("There is no such run in this district.")
    return run


def _base(run: ResetRun) -> dict[str, Any]:
    return {"run": run, "suite": suite_named(run.suite), "policy": policy_for(run.suite), "chip": run_chip(run)}


def _progress(run: ResetRun) -> dict[str, Any]:
    return {"percent": percent_of(run), "steps": steps_of(run)}


def _counts(request: HttpRequest, run: ResetRun) -> dict[str, Any]:
    school_id = own_school(person(request))
    rows = run_rows(run, counts_of(run), school_id)
    return {
        "rows": rows,
        "total": add_up(row.counts for row in rows),
        "lines": sum(len(row.schools) for row in rows),
        "school": School.objects.filter(pk=school_id).first() if school_id is not None else None,
        "ledger_entry": run.evidence.get("ledger_entry"),
        "moves": run.evidence.get("moves", []),
        "year_data": recorded_words(run.evidence.get("export", {}), run.district.time_zone),
        "exclusions": [(Ground(each["ground"]).label, each) for each in run.evidence.get("exclusions", [])],
    }
