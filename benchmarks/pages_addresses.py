"""The addresses of every page of both hosts, with keys of rows that are there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from api.access.models import Client
from api.webhooks.models import Endpoint
from approvals.models import Approval
from archiving.years.models import ArchivedYear
from certificates.selectors import newest_certificates
from correspondence.models import Kind, Letter
from disposal.models import Case
from holds.selectors import active_holds
from products.hero.models import BehaviorCode
from reports.downloads.models import PreparedFile
from reports.packages.models import Package
from resets.models import ResetRun, ResetSchedule, ResetWindow
from rostering.models import Section, Student, Sync
from sweeps.models import Incident, Sweep
from tenants.models import District

PUBLIC, TENANT = "config.urls_public", "config.urls_tenant"
Keys = Mapping[str, Any]
NOT_PAGES = (
    "bench_", "_csv", "login", "logout", "password", "healthz", "api_", "jsi18n", "autocomplete", "_delete",
    "view_on_site", "calendar_feed", "visit_", "search", "_progress", "hero_switch", "hero_notification",
    "transfers_give_find", "transfers_generate", "transfers_code", "transfers_request_mail",
    "_pdf", "_json", "certificate_keys", "hold_place", "request_download",
    "report_print", "report_download", "report_deliver", "report_file_",
    "package_download", "package_destroy", "package_key_remove",
    "roster_nightly", "roster_provider_remove", "roster_provider_test", "roster_pull", "sftp_key_",
    "webhook_rotate", "webhook_switch", "webhook_test", "webhook_again",
    "oauth_", "client_rotate", "v1p1_", "v1p2_", "nothing",
)  # fmt: skip
"""Parts of the names of what is no page of its own: files, pieces, posts, and Django's own machinery."""
OF_RECORDS = (
    "people_removal", "people_merge", "resets_bulk_result", "admin:app_list",
    "transfers_import", "transfers_import_students", "transfers_import_cancel", "transfers_import_undo",
    "transfers_import_split", "transfers_review", "transfers_review_student", "transfers_log", "transfers_revoke",
    "certificate", "certificate_of_entry", "certificate_facts", "certificates_entry", "hold_lift", "request",
    "report_file",
    "package",
    "webhook",
    "client", "client_revoke",
)  # fmt: skip
"""Pages of what somebody did, which there is only where a test or a person did it; one that only groups the others."""


@dataclass(frozen=True)
class Address:
    """A page by the name of its URL."""

    name: str
    path: str


def portal_addresses(district: District) -> list[Address]:
    """Every page of a district's host, which is entered, with its own rows.

    Raises:
        LookupError: names the URLs whose keys are not known here.
    """
    sync = Sync.objects.order_by("-started_at").first()
    run = ResetRun.objects.filter(district=district).order_by("-created_at").first()
    one, two = list(Student.objects.order_by("pk")[:2])
    section = Section.objects.annotate(students=Count("enrollments")).order_by("-students", "pk").first()
    newest = newest_certificates(district.pk).first()
    code = BehaviorCode.objects.order_by("pk").first()
    held = active_holds().first()
    request = Case.objects.filter(district=district).first()
    prepared = PreparedFile.objects.first()
    package = Package.objects.filter(district=district).first()
    endpoint = Endpoint.objects.filter(district=district).first()
    program = Client.objects.filter(district=district).first()
    keys: dict[str, Any] = {
        "webhook": endpoint and endpoint.pk,
        "report_file": prepared and prepared.pk,
        "hero_setting": code and code.pk,
        "hero_setting_remove": code and code.pk,
        "sync": sync and sync.pk,
        "sync_release": sync and sync.pk,
        "reset_run": run and run.pk,
        "people_section": section and section.pk,
        "hold_lift": held and held.pk,
        "request": request and request.pk,
        "request_new": "export",
        "package": package and package.pk,
        "client": program and program.pk,
        "client_revoke": program and program.pk,
        "certificate": newest and newest.number,
        "certificate_of_entry": newest and newest.ledger_number,
    }
    common = {
        "suite": "literacy",
        "school_year": 2026,
        "student": one.pk,
        "other": two.pk,
        "school": code and code.school_id,
        "kind": "codes",
        "item": "grade-levels",
        "report": "literacy-usage",
    }
    return _addresses(TENANT, keys, common)


def desk_addresses(district: District) -> list[Address]:
    """Every page of the desk; those of one row show a row of this district.

    Raises:
        LookupError: names the URLs whose keys are not known here.
    """
    schedule = ResetSchedule.objects.filter(district=district).earliest("pk")
    run = ResetRun.objects.filter(district=district).latest("created_at")
    keys: dict[str, Any] = {
        "tenants_district_change": district.pk,
        "tenants_district_visit": district.pk,
        "resets_resetschedule_change": schedule.pk,
        "resets_resetrun_change": run.pk,
        "resets_resetwindow_change": ResetWindow.objects.earliest("pk").pk,
        "resets_pick": schedule.pk,
        "resets_export": schedule.pk,
        "resets_restore": run.pk,
    }
    newest = newest_certificates(district.pk).first()
    keys["certificates_certificate_change"] = newest and newest.pk
    keys["certificate_facts"] = newest and newest.number
    case, sweep, incident = (each.objects.filter(district=district).first() for each in (Case, Sweep, Incident))
    keys["disposal_case_change"] = case and case.pk
    package = Package.objects.filter(district=district).first()
    keys["packages_package_change"] = package and package.pk
    keys["sweeps_sweep_change"], keys["sweeps_incident_change"] = sweep and sweep.pk, incident and incident.pk
    approval = Approval.objects.filter(district=district).first()
    year = ArchivedYear.objects.filter(district=district).first()
    keys["approvals_approval_change"] = approval and approval.pk
    keys["archive_years_archivedyear_change"] = year and year.pk
    letter = Letter.objects.filter(district=district).order_by("-pk").first()
    keys["correspondence_letter_change"] = letter and letter.pk
    common = {
        "suite": "literacy",
        "school_year": 2026,
        "district": district.pk,
        "district_id": district.pk,
        "kind": Kind.BEFORE_30,
    }
    return _addresses(PUBLIC, keys, common)


def _addresses(urlconf: str, keys: Keys, common: Keys) -> list[Address]:
    found, unknown = [], []
    for name, pattern in _patterns(get_resolver(urlconf), ()):
        short = name.rpartition(":")[2]
        is_record = keys.get(short) is None and (short in OF_RECORDS or name in OF_RECORDS)
        if any(part in short for part in NOT_PAGES) or is_record:
            continue
        wanted = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        values = {kwarg: common.get(kwarg, keys.get(short)) for kwarg in wanted}
        if all(value is not None for value in values.values()):
            found.append(Address(short, reverse(name, urlconf=urlconf, kwargs=values)))
        elif not short.endswith(("_change", "_history")):
            unknown.append(name)
    if unknown:
        raise LookupError(f"give keys of rows to these URLs in benchmarks/pages_addresses.py: {', '.join(unknown)}")
    return found


def _patterns(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, (*namespaces, *([pattern.namespace] if pattern.namespace else [])))
        elif pattern.name:
            yield ":".join((*namespaces, pattern.name)), pattern
