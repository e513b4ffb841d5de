"""A district's certificates: the list, one of them, and its files."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.pages import Chip, district_of, page, whole_number
from certificates.files import json_answer, pdf_answer
from certificates.models import Certificate
from certificates.selectors import newest_certificates, versions_of
from certificates.stages import Stage

SHOWN = 25
CHIPS = {
    Stage.ROWS_DELETED: Chip("Rows deleted", "warn", "1"),
    Stage.STORAGE_REWRITTEN: Chip("Storage rewritten", "good", "2"),
    Stage.SEARCHED: Chip("Storage rewritten and searched", "good", "3"),
    Stage.FINAL: Chip("Final", "good", "✓"),
}


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Every certificate of the district, the newest first."""
    before = whole_number(request.GET.get("before", ""))
    found = list(newest_certificates(district_of(request).pk, before)[: SHOWN + 1])
    rows = [(each, CHIPS[Stage(each.stage)]) for each in found[:SHOWN]]
    older = found[SHOWN - 1].ledger_number if len(found) > SHOWN else None
    context = {"rows": rows, "older": older, "is_first": before is None}
    return page(request, "certificates/list.html", "records", context)


@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One certificate: the newest version's facts, its versions, and how to check it."""
    versions = _own(request, number)
    newest = versions[0]
    chip = CHIPS[Stage(newest.stage)]
    context = {"newest": newest, "document": newest.document, "versions": versions, "chip": chip}
    return page(request, "certificates/certificate.html", "records", {**context, "section_page": "true"})


@require_safe
def certificate_of_entry(request: HttpRequest, entry: int) -> HttpResponse:
    """Leads from what is in the ledger to its certificate."""
    district = district_of(request)
    found = newest_certificates(district.pk).filter(ledger_number=entry).first()
    if found is None:
        return page(request, "certificates/not_yet.html", "records", {"entry": entry}, status=404)
    return HttpResponseRedirect(reverse("certificate", args=[found.number]))


@require_safe
def certificate_pdf(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """A version as PDF."""
    return pdf_answer(_version(request, number, version))


@require_safe
def certificate_json(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """A version as signed JSON."""
    return json_answer(_version(request, number, version))


def _own(request: HttpRequest, number: str) -> list[Certificate]:
    versions = [each for each in versions_of(number) if each.district_id == district_of(request).pk]
    if not versions:
        raise Http404("There is no such certificate of this district.")
    return versions


def _version(request: HttpRequest, number: str, version: int) -> Certificate:
    for each in _own(request, number):
        if each.version == version:
            return each
    raise Http404("There is no such version of this certificate.")
