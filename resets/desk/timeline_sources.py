"""What the desk itself puts on a district's timeline. All of it stands in the public schema."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format

from ledger.models import LedgerEntry
from resets.dates import CONFLICTS
from resets.desk.people import names_of
from resets.desk.rows import RUN_TONES, status_of
from resets.desk.suites import suite_names
from resets.desk.timeline import Entry, Span, register_source
from resets.models import ControlChange, ResetRun, ResetSchedule, RunState, ScheduleChange
from rostering.models import SyncState
from tenants.desk import school_years

MOST = 100
"""So many entries of each kind, the newest; the lists have them all."""
KINDS = {
    "reset": "Reset done, verified and recorded",
    "restore": "Reset undone, verified and recorded",
    "postponed": "Done after a legal hold was lifted",
    "destruction": "Data destroyed on request",
    "disposal_asked": "Export or destruction requested",
    "disposal_withdrawn": "Request taken back",
    "export": "Data exported on request",
    "disposal_downloaded": "Data exported on request, downloaded",
    "incident_closed": "Incident of a search closed",
    "roster_applied": "Roster applied",
    "removals_released": "Held removals released",
    "district_provisioned": "District set up",
    "district_removed": "District removed",
    "product_data_loaded": "Product data loaded",
    "anonymization": "Anonymized",
    "students_merged": "Students merged",
    "merge_undone": "Merge undone",
    "code_generated": "Transfer code generated",
    "code_redeemed": "Transfer code entered",
    "code_released": "Transfer code can be entered again",
    "code_revoked": "Transfer code revoked",
    "transfer_analyzed": "Transferred students ready for review",
    "transfer_imported": "Students of another site imported",
    "transfer_given": "Students' data imported by another site",
    "transfer_cancelled": "Import cancelled",
    "transfer_failed": "Import failed",
    "transfer_expired": "Staged data of an import destroyed",
    "transfer_recalled": "Staged data of students destroyed who were destroyed at their source",
    "transfer_undone": "Import taken back",
    "transfer_taken_back": "Students' data taken back by another site",
    "transfer_split": "Wrong match of an import taken apart",
    "export_built": "Year's data: package made",
    "export_checked": "Year's data: package checked",
    "export_downloaded": "Year's data: package downloaded",
    "export_printed": "Year's data: Schoolwide Points report printed",
    "export_gone": "Year's data: package's file destroyed",
    "package_loaded": "Year package read in",
    "webhook_made": "Webhook made",
    "webhook_changed": "Webhook changed",
    "webhook_rotated": "Webhook's secret replaced",
    "webhook_enabled": "Webhook switched on",
    "webhook_disabled": "Webhook switched off",
    "support_visit_begun": "Support visit begun, read-only",
    "support_visit_ended": "Support visit ended early",
}

REASONED = ("reset_held", "reset_released", "export_waived")
"""Told with their reasons by `holds` and `year_data`."""
ROUTINE = ("report_downloaded", "report_subscribed", "report_unsubscribed", "webhook_tested", "webhook_redelivered")
"""What a district's people do many times a day with reports and webhooks: it would push all else off the timeline."""


@register_source
def own_dates(span: Span) -> Iterator[Entry]:
    """The district's own dates: end of the year, summer session, closed days, first day of rostering."""
    district = span.district
    if district.school_year != span.school_year:
        return
    facts = reverse("admin:tenants_district_change", args=[district.pk])
    yield Entry(district.school_year_ends_on, "The school year ends", address=facts)
    if district.summer_session_ends_on:
        yield Entry(district.summer_session_ends_on, "The summer school session ends", address=facts)
    for day in district.closed_days.all():
        yield Entry(day.on, "Closed day", day.reason, address=facts)
    years = school_years(span.school_year + 1)
    yield Entry(district.rostering_starts_on, f"Rostering for {years} starts", address=facts)


@register_source
def reset_dates(span: Span) -> Iterator[Entry]:
    """The reset date of each suite, with what the district has said."""
    names = suite_names()
    found = ResetSchedule.objects.filter(district=span.district, school_year=span.school_year).order_by("on", "suite")
    for schedule in found:
        broken = [CONFLICTS.get(code, code) for code in schedule.conflicts.split(",") if code]
        held = ["Held: nothing is reset while it is"] if schedule.held_at else []
        detail = "; ".join([schedule.get_answer_display(), *held, *broken])
        tone = "bad" if broken else "warn" if held else ""
        name = names.get(schedule.suite, schedule.suite)
        yield Entry(
            schedule.on, f"Reset of {name}", detail, tone=tone, address=reverse("admin:resets_pick", args=[schedule.pk])
        )


@register_source
def date_changes(span: Span) -> Iterator[Entry]:
    """The history of the dates: who, when, from, to, why."""
    names = suite_names()
    found = ScheduleChange.objects.filter(
        schedule__district=span.district, schedule__school_year=span.school_year
    ).select_related("schedule")
    changes = list(found.order_by("-at", "-pk")[:MOST])
    people = names_of(change.actor for change in changes)
    for change in changes:
        name = names.get(change.schedule.suite, change.schedule.suite)
        moved = f"from {_day(change.from_on)} to" if change.from_on and change.from_on != change.to_on else "on"
        title = f"Date of {name}: {change.get_answer_display().lower()}, {moved} {_day(change.to_on)}"
        detail = _by(people[change.actor], change.reason)
        address = reverse("admin:resets_pick", args=[change.schedule_id])
        yield Entry(span.day_of(change.at), title, detail, at=change.at, address=address)


@register_source
def holds(span: Span) -> Iterator[Entry]:
    """Dates that were held or released."""
    found = ControlChange.objects.filter(schedule__district=span.district, schedule__school_year=span.school_year)
    changes = list(found.order_by("-at", "-pk")[:MOST])
    people = names_of(change.actor for change in changes)
    for change in changes:
        detail = _by(people[change.actor], change.reason)
        yield Entry(span.day_of(change.at), change.change, detail, at=change.at, tone="warn")


@register_source
def runs(span: Span) -> Iterator[Entry]:
    """What ran, and how it ended."""
    names = suite_names()
    found = ResetRun.objects.filter(district=span.district, school_year=span.school_year)
    newest = found.defer("evidence", "log", "undo_tables").order_by("-created_at", "pk")[:MOST]
    for run in newest:
        at = run.finished_at or run.started_at or run.created_at
        name = names.get(run.suite, run.suite)
        tone = RUN_TONES[RunState(run.state)]
        address = reverse("admin:resets_resetrun_change", args=[run.pk])
        yield Entry(span.day_of(at), f"Run of {name}", run.get_state_display(), at=at, tone=tone, address=address)


@register_source
def rosters(span: Span) -> Iterator[Entry]:
    """Where the district's roster stands now, in the school year that the district is in."""
    status = status_of(span.district)
    if span.district.school_year != span.school_year:
        return
    if status.last_sync_at:
        at, label = status.last_sync_at, SyncState(status.last_sync_state).label
        tone = "bad" if status.last_sync_state in (SyncState.REFUSED, SyncState.FAILED) else ""
        held = f"{status.held_removals:,} removals held back" if status.held_removals else ""
        yield Entry(span.day_of(at), f"Last sync: {label}", held, at=at, tone=tone)
    if status.syncs_paused_on:
        yield Entry(status.syncs_paused_on, "Nightly syncs paused", "Until rostering is declared complete", tone="warn")
    if status.rostering_complete_at:
        at = status.rostering_complete_at
        yield Entry(span.day_of(at), "Rostering declared complete", at=at, tone="good")
    if status.readiness_checked_at:
        at, items = status.readiness_checked_at, f"{status.ready_items} of {status.ready_total} items in order"
        yield Entry(span.day_of(at), "Readiness checked", items, at=at)


@register_source
def ledger(span: Span) -> Iterator[Entry]:
    """The record: what was done, by whom."""
    found = LedgerEntry.objects.filter(
        district_id=span.district.pk, at__date__gte=span.first_on, at__date__lte=span.last_on
    ).exclude(kind__in=(*REASONED, *ROUTINE))
    entries = list(found.order_by("-number")[:MOST])
    people = names_of(entry.actor for entry in entries)
    for entry in entries:
        kind = _kind(entry)
        title = KINDS.get(kind, kind.replace("_", " ").capitalize())
        detail = _by(people[entry.actor], f"ledger entry {entry.number}")
        address = reverse("admin:ledger_ledgerentry_change", args=[entry.pk])
        yield Entry(span.day_of(entry.at), title, detail, at=entry.at, address=address)


def _kind(entry: LedgerEntry) -> str:
    """Its kind; older entries named the download of an export on request as they name that of a year's package."""
    return "disposal_downloaded" if entry.kind == "export_downloaded" and "case" in entry.facts else entry.kind


def _by(who: str, why: str) -> str:
    return f"{who}: {why}" if why else who


def _day(day: object) -> str:
    return str(date_format(day, "M j, Y"))  # type: ignore[arg-type]  # a date
