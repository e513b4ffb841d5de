"""The people pages take as many queries with much data as with little."""

import datetime as dt
from pathlib import Path

from accounts.models import Role
from products.literacy.models import Usage
from resets.merging import merge_students
from rostering.models import Section, Student
from rostering.services import remove_educators
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import logged_in, make_person
from tests.web.conftest import JUNE, TODAY, fill
from tests.web.test_queries import queries

MOST = 40
NOW = dt.datetime.fromisoformat(JUNE)


def addresses(district: District, facts: int) -> dict[str, str]:
    """Each page of a district whose first student has some rows of usage."""
    user = make_person(district, Role.DISTRICT_ADMIN, "second@a.example")
    with enter_district(district):
        first, second, third = Student.objects.order_by("pk")[:3]
        Usage.objects.bulk_create(
            Usage(
                id=f"00000000-0000-0000-0000-{number:012}", school_year=2026, school=first.school, student=first,
                product="espanol", occurred_on=TODAY, minutes=number, sessions=1,
            )
            for number in range(facts)
        )  # fmt: skip
        section = Section.objects.order_by("pk").first()
        assert section
        teachers = list(section.assignments.values_list("educator_id", flat=True))
        removal = remove_educators(teachers, by=user, school_id=None, as_of=TODAY, at=NOW)
        merge = merge_students(district, second.pk, third.pk, actor="district_admin:1", at=NOW)
    return {
        "educators": "/people/educators/",
        "removal": f"/people/educators/removals/{removal.pk}/",
        "students": "/people/students/",
        "filtered": f"/people/students/?school={section.school_id}&grade=05&section={section.pk}&product=espanol",
        "section": f"/people/sections/{section.pk}/",
        "student": f"/people/students/{first.pk}/",
        "twice": f"/people/students/{first.pk}/twice/",
        "merge": f"/people/students/{first.pk}/merge/{second.pk}/",
        "merged": f"/people/merges/{merge.pk}/",
    }


def test_no_page_asks_more_of_a_large_district(
    district: District, other_district: District, june: dt.datetime, tmp_path: Path
) -> None:
    counted: dict[str, list[int]] = {}
    for place, students, schools, facts in ((district, 4, 2, 1), (other_district, 120, 12, 200)):
        fill(place, tmp_path, students=students, schools=schools)
        pages = addresses(place, facts)
        client = logged_in(place, Role.DISTRICT_ADMIN)
        for name, address in pages.items():
            counted.setdefault(name, []).append(queries(client, address))
    assert {name: small == large for name, (small, large) in counted.items()} == dict.fromkeys(counted, True), counted
    assert max(large for _, large in counted.values()) <= MOST, counted
