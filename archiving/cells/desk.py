"""Anonymized data at the CSM's desk: per school how many, k, and whether it may be published. No names, no cells."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from archiving import thresholds
from archiving.cells.counting import schools_with_cells
from archiving.cells.report import is_publishable, why_not
from tenants.desk import own_book
from tenants.schema import enter_district

PAGE = "admin/archive/numbers.html"


@require_safe
def numbers_page(request: HttpRequest, district: int) -> HttpResponse:
    """A district's schools with anonymized students, in numbers."""
    found = own_book(request).filter(pk=min(district, 2**63 - 1), removed_at=None).first()
    if found is None:
        raise Http404("There is no such district in your book.")
    with enter_district(found):
        schools = schools_with_cells()
    context = {
        **admin.site.each_context(request),
        "title": f"Anonymized data of {found.name}",
        "district": found,
        "rows": [(school, is_publishable(school), why_not(school)) for school in schools],
        "students": sum(school.students for school in schools),
        "least": thresholds.PUBLISHED_CELL,
        "timeline": reverse("admin:resets_timeline", args=[found.pk]),
    }
    return render(request, PAGE, context)
