"""Who reads what: the own classes, the own school, the district; nobody another's; visitors no names."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

from accounts.models import Role
from reports.asking.empty import FILTERED, LIVE
from reports.pages import views
from reports.yearend.compile import Page, page_of
from rostering.models import School, Section, Student
from tenants.models import District
from tenants.schema import enter_district
from tests.reports.pages.conftest import REPORT, text_of
from tests.support.people import logged_in, visiting


@pytest.fixture
def keys(used: District) -> dict[str, int]:
    """Keys of the second school, of one of its students and of its section; and of a student of the first."""
    with enter_district(used):
        school = School.objects.get(name="School 2")
        return {
            "school": school.pk,
            "section": Section.objects.get(school=school).pk,
            "student": Student.objects.filter(school=school).order_by("pk")[0].pk,
            "own": Student.objects.filter(school__name="School 1").order_by("pk")[0].pk,
        }


def test_the_library_has_the_suites_that_the_district_has(used: District, admin: Client) -> None:
    text = text_of(admin, "/reports/")
    assert "Imagine Learning Literacy suite" in text
    assert "Literacy: usage" in text
    assert "Hero" not in text.partition("<main")[2]
    assert "Reset on Jul 28, 2026" in text
    assert re.search("<b>2025\N{EN DASH}26</b>\\s*<span class=.chip good.>", text)


def test_home_leads_there(used: District, admin: Client, educator: Client) -> None:
    assert 'href="/reports/"' in text_of(educator, "/").partition("<main")[2]
    assert 'href="/reports/"' in text_of(admin, "/").partition("<main")[0]


def test_a_district_admin_reads_all_schools(used: District, admin: Client) -> None:
    text = text_of(admin, REPORT)
    assert "School 1" in text
    assert "School 2" in text
    rows = re.findall(r"<td[^>]*>([\d,]+)</td>", text.partition("report-table")[2])
    total = sum(range(10, 50))
    assert sum(int(row.replace(",", "")) for row in rows if int(row.replace(",", "")) > 100) == total


def test_a_school_admin_reads_the_own_school_alone(used: District, school_admin: Client, keys: dict[str, int]) -> None:
    for by in ("school", "grade", "section", "student"):
        text = text_of(school_admin, f"{REPORT}?by={by}")
        assert "School 2" not in text, by
    assert "School 1" in text_of(school_admin, f"{REPORT}?by=school")
    for name in ("school", "section", "student"):
        text_of(school_admin, f"{REPORT}?{name}={keys[name]}", 404)


def test_an_educator_reads_the_own_classes_alone(used: District, educator: Client, keys: dict[str, int]) -> None:
    text = text_of(educator, f"{REPORT}?by=student")
    assert "Family1, Given1" in text
    assert "Family2, Given2" not in text
    assert text.count('<th scope="row">') == 20
    assert "Homeroom 2" not in text_of(educator, f"{REPORT}?by=section")
    for name in ("section", "student"):
        text_of(educator, f"{REPORT}?{name}={keys[name]}", 404)


def test_another_districts_reader_reads_the_own_district(used: District, admin: Client, cedar: Client) -> None:
    own = text_of(cedar, f"{REPORT}?by=district")
    assert "Cedar Unified" in own
    assert strip_tags(own).count(f"{sum(range(10, 50)):,}") == 1  # its own forty students, not eighty


def test_a_visitor_reads_as_an_outsider(used: District, june: object) -> None:
    visitor = visiting(used)
    text = text_of(visitor, f"{REPORT}?by=student")
    assert "Family1" not in text
    assert "For readers outside of the district\N{RIGHT SINGLE QUOTATION MARK}s staff" in text
    assert "School 1" in text
    for piece in ('name="term"', "Take it along", "For publication"):
        assert piece not in text
    assert "Your files" not in text_of(visitor, "/reports/")
    assert "Family" not in text_of(visitor, f"{REPORT}summary/")
    assert visitor.post(f"{REPORT}download/", {"format": "csv"}).status_code == 403


def test_for_publication_is_of_the_admins(
    used: District, admin: Client, school_admin: Client, educator: Client
) -> None:
    for client in (admin, school_admin):
        assert "for=publication" in text_of(client, REPORT)
        text = text_of(client, f"{REPORT}?for=publication&by=student")
        assert "so that it can be published" in text
        assert "Family" not in text
        assert 'name="section"' not in text
    text = text_of(educator, f"{REPORT}?for=publication&by=student")
    assert "published" not in text
    assert "Family1, Given1" in text


def test_a_name_is_never_in_an_address(used: District, admin: Client, keys: dict[str, int]) -> None:
    answer = admin.post(f"{REPORT}?by=grade", {"term": "given12"})
    assert answer["Location"] == f"{REPORT}?by=grade"
    found = text_of(admin, f"{REPORT}?by=grade")
    assert "Family12, Given12" in found
    link = re.search(r'href="(\?by=grade&amp;by=student&amp;student=\d+)"', found)
    assert link, found
    one = text_of(admin, REPORT + link[1].replace("&amp;", "&"))
    assert "Student: Given12 Family12" in strip_tags(one)
    assert one.count('<th scope="row">') == 1
    assert "given12" not in text_of(admin, f"{REPORT}?student={keys['own']}&term=x").partition("<table")[2]


def test_filters_are_read_and_nonsense_is_not(used: District, admin: Client, keys: dict[str, int]) -> None:
    text = text_of(admin, f"{REPORT}?school={keys['school']}&by=student")
    assert "School: School 2" in strip_tags(text)
    assert text.count('<th scope="row">') == 20
    assert FILTERED in text_of(admin, f"{REPORT}?since=2026-03-03&until=2026-03-04")
    text_of(admin, f"{REPORT}?school=abc&grade=99&since=x&group=y&by=planet&year=1&part=none&after=zzz")
    text_of(admin, f"{REPORT}?school=999999", 404)
    text_of(admin, "/reports/no-such-report/", 404)


def test_empty_states_say_why(rostered: District, admin: Client) -> None:
    assert LIVE.format(years="2025\N{EN DASH}26") in text_of(admin, REPORT)
    assert "Nothing of 2010\N{EN DASH}11 is known here" in text_of(admin, f"{REPORT}?year=2011")
    unknown = logged_in(rostered, Role.EDUCATOR, "nobody@a.example", educator_id=None)
    assert "not connected with an educator" in text_of(unknown, REPORT)


def test_pages_of_a_table_go_by_key(used: District, admin: Client) -> None:
    first = text_of(admin, f"{REPORT}?by=student")
    assert first.count('<th scope="row">') == 25
    following = re.search(r'href="\?(by=student&amp;after=[^"#]+)', first)
    assert following
    second = text_of(admin, f"{REPORT}?{following[1].replace('&amp;', '&')}")
    assert second.count('<th scope="row">') == 15
    names = [re.findall(r'<th scope="row">([^<]+)', text) for text in (first, second)]
    assert len({*names[0], *names[1]}) == 40


def test_the_summary_is_a_piece_and_a_page(used: District, admin: Client) -> None:
    page = text_of(admin, f"{REPORT}summary/")
    assert "<html" in page
    assert "Minutes by month" in page
    assert "March 2026" in page
    piece = admin.get(f"{REPORT}summary/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert "<svg" in piece
    assert "The numbers as a table" in piece


def test_numbers_that_take_long_follow_the_page(
    used: District, admin: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*given: Any) -> Page:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return page_of(*given)

    monkeypatch.setattr(views, "page_of", slow)
    settings.REPORT_PATIENCE_MS = 20
    first = text_of(admin, f"{REPORT}?by=grade&after=_~01")
    assert "report-table" not in first
    link = re.search(r'<a href="\?(by=grade&amp;after=_~01&amp;wait=1)#numbers">Show the table', first)
    assert link
    assert f'hx-get="{REPORT}?{link[1]}"' in first
    assert text_of(admin, f"{REPORT}?{link[1].replace('&amp;', '&')}").count("report-table") == 1
    with enter_district(used), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "0"
    monkeypatch.setattr(views, "LONGEST_MS", 20)
    assert "longer than a page can wait" in text_of(admin, f"{REPORT}?wait=1")
