"""Why a reset cannot be undone (any more). Asked before somebody asks for it, and again under the lock."""

from resets.models import ResetRun, RunState
from resets.restoring.plan import archived_schools
from rostering.models import ReturnWindow


def refusal_of(run: ResetRun, schools: tuple[int, ...] | None) -> str:
    """Why a run of the entered district cannot be undone for these schools (None for all); empty when it can."""
    return _not_done(run) or _anonymized(run) or _rested_on(run) or _wrong_schools(run, schools)


def _not_done(run: ResetRun) -> str:
    if run.state != RunState.COMPLETED:
        return "This run has not been completed: there is nothing to undo."
    return "It was undone already, whole." if run.undone_at and not run.restored_schools else ""


def _anonymized(run: ResetRun) -> str:
    windows = ReturnWindow.objects.filter(suite=run.suite, school_year=run.school_year, run_id=run.pk)
    if windows.exclude(anonymized_at=None).exists():
        return "Its data is anonymized: a reset can be undone until then, and no longer."
    return ""


def _rested_on(run: ResetRun) -> str:
    same = ResetRun.objects.filter(district=run.district_id, suite=run.suite, state=RunState.COMPLETED, undone_at=None)
    if same.filter(created_at__gt=run.created_at).exclude(pk=run.pk).exists():
        return "A later reset of the same suite rests on it. Undo that one first."
    return ""


def _wrong_schools(run: ResetRun, schools: tuple[int, ...] | None) -> str:
    concerned = set(archived_schools(run)) - set(run.restored_schools)
    if not concerned:
        return "It archived nothing and set nothing to zero: what a policy deletes cannot be restored."
    if schools is not None and not schools:
        return "Choose at least one school."
    if unknown := sorted(set(schools or ()) - concerned):
        return f"Of school {unknown[0]} nothing was archived by this run, or it is live again already."
    return ""
