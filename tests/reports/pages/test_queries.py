"""The pages of the reports take as many queries with much data as with little."""

import datetime as dt
from pathlib import Path

from accounts.models import Role, User
from reports.asking.asked import Asked
from reports.delivery.models import Every
from reports.delivery.services import Rhythm, subscribe
from reports.downloads.models import PreparedFile
from rostering.models import School
from tenants.models import District
from tenants.schema import enter_district
from tests.reports.pages.conftest import REPORT, add_facts
from tests.support.people import logged_in
from tests.web.conftest import JUNE, fill
from tests.web.test_queries import queries

MOST = 40
NOW = dt.datetime.fromisoformat(JUNE)


def crowd(district: District, user: User, many: int) -> int:
    """Files and subscriptions of somebody; returns a school's key."""
    with enter_district(district):
        for number in range(many):
            PreparedFile.objects.create(user=user, report="literacy-usage", format="csv", asked_at=NOW, state="ready")
            subscribe(district, user, Asked("literacy-usage"), Rhythm(Every.WEEKLY, 5 + number, weekday=1), at=NOW)
        return School.objects.order_by("pk").values_list("pk", flat=True)[0]


def test_no_page_asks_more_of_a_large_district(
    district: District, other_district: District, june: dt.datetime, tmp_path: Path
) -> None:
    counted: dict[str, list[int]] = {}
    for place, students, schools, many in ((district, 4, 2, 1), (other_district, 120, 12, 9)):
        fill(place, tmp_path, students=students, schools=schools)
        add_facts(place)
        client = logged_in(place, Role.DISTRICT_ADMIN)
        with enter_district(place):
            user = User.objects.get(role=Role.DISTRICT_ADMIN)
        school = crowd(place, user, many)
        pages = {"library": "/reports/", "summary": f"{REPORT}summary/"}
        pages |= {by: f"{REPORT}?by={by}" for by in ("student", "section", "grade", "school", "district")}
        pages["filtered"] = f"{REPORT}?by=student&school={school}&grade=05&since=2025-09-01"
        pages["publication"] = f"{REPORT}?for=publication"
        for name, address in pages.items():
            counted.setdefault(name, []).append(queries(client, address))
    # By student the last page, which a small district has at once, asks for those without a name too. By class and by
    # school, schools are asked some at a time, and each time more: once or twice again where a page is not full.
    again = {"section": 2, "school": 1, "filtered": 1}
    fewer = {name: large <= small + again.get(name, 0) for name, (small, large) in counted.items()}
    assert fewer == dict.fromkeys(counted, True), counted
    assert max(large for _, large in counted.values()) <= MOST, counted
