"""The page "Anonymized data", and the file that may be published."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.asked import whole
from accounts.pages import is_visitor, page, person
from archiving import thresholds
from archiving.cells.counting import schools_with_cells
from archiving.cells.report import HEADER, find_school, is_publishable, published_lines, report_of, why_not
from resets.desk.csv_answer import csv_answer


@require_safe
def anonymized(request: HttpRequest) -> HttpResponse:
    """One school's numbers, k, and what may be published of all."""
    schools, chosen = find_school(whole(request, "school"))
    publishable = [school for school in schools if is_publishable(school)]
    context = {
        "schools": schools,
        "report": report_of(chosen) if chosen else None,
        "why_not": why_not(chosen) if chosen else "",
        "publishable": len(publishable),
        "blocked": [school for school in schools if school not in publishable],
        "students": sum(school.students for school in schools),
        "k": min((school.k for school in schools), default=0),
        "least": thresholds.PUBLISHED_CELL,
        "alike": thresholds.ALIKE,
        "may_download": bool(publishable) and not is_visitor(person(request)),
    }
    return page(request, "archive/anonymized.html", "records", context)


@require_safe
def anonymized_csv(request: HttpRequest) -> HttpResponseBase:
    """The file; refused, with the reason, while there is nothing that may be published."""
    schools = schools_with_cells()
    if not any(is_publishable(school) for school in schools):
        reasons = "\n".join(f"{school.name}: {why_not(school)}" for school in schools) or "Nobody is anonymized yet."
        return HttpResponse(f"Nothing can be published yet.\n{reasons}\n", "text/plain; charset=utf-8", status=409)
    return csv_answer("anonymized-students", HEADER, list(published_lines()))  # read before the district is left
