"""Certificates at the CSM's desk: the newest version of each, of the own book; also of districts that have left."""

import uuid
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from unfold.decorators import display

from certificates.files import json_answer, pdf_answer
from certificates.models import Certificate
from certificates.selectors import newest_certificates, versions_of
from certificates.stages import Stage
from certificates.views import CHIPS
from resets.admin.runs import SuiteYearColumns
from tenants.desk import DistrictNamed, ReadOnly, desk_pages, own_book, school_years

STAGES = {
    Stage.ROWS_DELETED.label: "warning",
    Stage.STORAGE_REWRITTEN.label: "info",
    Stage.SEARCHED.label: "info",
    Stage.FINAL.label: "success",
}


@admin.register(Certificate)
class CertificateAdmin(SuiteYearColumns, ReadOnly, DistrictNamed):
    """What was certified, and how far each has come."""

    list_display = ("number", "shown_district", "kind", "suite_name", "years", "shown_stage", "version", "issued_at")
    list_filter = ("stage", "kind", "suite", "school_year")
    search_fields = ("=number", "district_name", "district_slug", "=district_id")
    search_help_text = "Number, district, or its number"
    ordering = ("-issued_at", "pk")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certificate]:
        """The newest versions, of the own book."""
        rows: QuerySet[Certificate] = super().get_queryset(request)
        return rows.filter(superseded_by=None)

    @display(description="stage", ordering="stage", label=STAGES)
    def shown_stage(self, certificate: Certificate) -> str:
        """The stage in words."""
        return certificate.get_stage_display()

    @display(description="school year", ordering="school_year")
    def years(self, certificate: Certificate) -> str:
        """Such as 2025-26; a dash where it concerns them all."""
        return school_years(certificate.school_year) if certificate.school_year else "-"

    def get_urls(self) -> list[Any]:
        """The files and the way from a ledger entry, before the list's own."""
        views: dict[str, tuple[str, Any]] = {
            "certificates_pdf": ("<uuid:key>/certificate.pdf", desk_pdf),
            "certificates_json": ("<uuid:key>/certificate.json", desk_json),
            "certificates_entry": ("entry/<int:district>/<int:entry>/", desk_entry),
        }
        return [*desk_pages(self.admin_site, views), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """The certificate's page."""
        return desk_certificate(request, object_id)


@require_safe
def desk_certificate(request: HttpRequest, key: str) -> HttpResponse:
    """A version of a certificate of the own book."""
    shown = _own(request, key)
    versions = versions_of(shown.number)
    context = {
        **admin.site.each_context(request),
        "title": f"Certificate {shown.number}",
        "shown": shown,
        "newest": versions[0],
        "versions": versions,
        "document": shown.document,
        "chip": CHIPS[Stage(shown.stage)],
    }
    return render(request, "admin/certificates/certificate.html", context)


@require_safe
def desk_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """A version as PDF."""
    return pdf_answer(_own(request, key))


@require_safe
def desk_json(request: HttpRequest, key: str) -> HttpResponse:
    """A version as signed JSON."""
    return json_answer(_own(request, key))


@require_safe
def desk_entry(request: HttpRequest, district: int, entry: int) -> HttpResponse:
    """Leads from a ledger entry to its certificate.

    Raises:
        Http404: it is of another's book, or has none yet.
    """
    if own_book(request).filter(pk=district).exists():
        found = newest_certificates(district).filter(ledger_number=entry).first()
        if found:
            return HttpResponseRedirect(reverse("admin:certificates_certificate_change", args=[found.pk]))
    raise Http404("This entry has no certificate yet. It is issued within minutes after a reset, or gets none.")


def _own(request: HttpRequest, key: object) -> Certificate:
    try:
        wanted = uuid.UUID(str(key))
    except ValueError:
        raise Http404("That is no certificate's key.") from None
    found = Certificate.objects.filter(pk=wanted, district_id__in=own_book(request).values("pk")).first()
    if found is None:
        raise Http404("There is no such certificate in your book.")
    return found
