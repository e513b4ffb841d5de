"""The year's data on a district's timeline: who waived the wait for it, and until when a reset waits."""

from collections.abc import Iterator

from django.urls import reverse

from resets.desk.export_show import shown_standings
from resets.desk.people import names_of
from resets.desk.suites import suite_names
from resets.desk.timeline import Entry, Span, register_source
from resets.models import ResetRun, ResetSchedule, RunState, YearExport
from tenants import clock


@register_source
def year_data(span: Span) -> Iterator[Entry]:
    """For each suite that is still to be reset: the last night until which the reset waits for the download."""
    found = ResetSchedule.objects.filter(district=span.district, school_year=span.school_year)
    done = ResetRun.objects.filter(district=span.district, school_year=span.school_year, state=RunState.COMPLETED)
    ahead = list(found.exclude(suite__in=done.filter(undone_at=None).values("suite")))
    names = suite_names()
    for shown in shown_standings(ahead, clock.now()).values():
        standing = shown.standing
        if standing.is_settled or standing.last_on <= standing.on:
            continue
        title = f"Last night for the download of {names.get(shown.schedule.suite, shown.schedule.suite)}"
        yield Entry(standing.last_on, title, shown.words, tone="warn", address=shown.address)


@register_source
def waivers(span: Span) -> Iterator[Entry]:
    """Who let a reset go on without a download, and why. What else became of packages is told by the ledger."""
    found = YearExport.objects.filter(district=span.district, school_year=span.school_year).exclude(waived_at=None)
    waived = list(found)
    people, names = names_of(export.waived_by for export in waived), suite_names()
    keys = dict(
        ResetSchedule.objects.filter(district=span.district, school_year=span.school_year).values_list("suite", "pk")
    )
    for export in waived:
        if export.waived_at is None:
            continue
        detail = f"{people[export.waived_by]}: {export.waived_reason}"
        key = keys.get(export.suite)
        address = reverse("admin:resets_export", args=[key]) if key else ""
        title = f"Download of {names.get(export.suite, export.suite)} waived"
        yield Entry(span.day_of(export.waived_at), title, detail, at=export.waived_at, tone="warn", address=address)
