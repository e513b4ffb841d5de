"""The page "Archive": what of each school year is live, archived, restored, anonymized or destroyed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.pages import Chip, district_of, own_school, page, person, today
from archiving.years.models import YearState
from archiving.years.selectors import archive_rows

CHIPS = {
    YearState.LIVE: Chip("Live", "", "○"),
    YearState.ARCHIVED: Chip("Archived", "good", "✓"),
    YearState.RESTORED: Chip("Restored: live again", "warn", "↺"),
    YearState.ANONYMIZED: Chip("Anonymized", "good", "✓"),
    YearState.DESTROYED: Chip("Destroyed", "", "○"),
}


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """All school years of the district, the newest first."""
    rows = archive_rows(district_of(request), own_school(person(request)))
    years = [(row, CHIPS[row.state]) for row in rows]
    return page(request, "archive/list.html", "records", {"years": years, "as_of": today(request)})
