"""The pages: the district's, the public one of a number, and the desk's."""

import datetime as dt
import re
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from certificates.checking import check_certificate
from certificates.models import Certificate
from tenants.models import District
from tests.support.certificates import certify
from tests.support.people import client_at, logged_in, visiting
from tests.web.desk import book, csm

__all__ = ["book", "csm"]  # fixtures


def page_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def test_a_district_reads_its_own_and_takes_them_along(
    district: District, other_district: District, july: dt.datetime
) -> None:
    mine, theirs = certify(district, july), certify(other_district, july)
    for role in (Role.DISTRICT_ADMIN, Role.SCHOOL_ADMIN):
        client = logged_in(district, role)
        shown = page_of(client, "/certificates/")
        assert (mine.number in shown, theirs.number in shown) == (True, False)
        shown = page_of(client, f"/certificates/{mine.number}/")
        assert "Of 545,319 rows: 428,018 retained, 103,730 archived" in shown
        assert "neither Clear nor Purge nor Destroy of any storage medium is claimed" in shown
        for ending, kind in (("pdf", "application/pdf"), ("json", "application/json")):
            file = client.get(f"/certificates/{mine.number}/1.{ending}")
            assert (file["Content-Type"], check_certificate(file.content).is_right) == (kind, True)
            assert f'filename="certificate-{mine.number}-v1.{ending}"' in file["Content-Disposition"]
            page_of(client, f"/certificates/{mine.number}/2.{ending}", 404)
            page_of(client, f"/certificates/{theirs.number}/1.{ending}", 404)
        page_of(client, f"/certificates/{theirs.number}/", 404)
        assert client.get(f"/certificates/entry/{mine.ledger_number}/")["Location"] == f"/certificates/{mine.number}/"
        assert "Ledger entry 999 has no certificate" in page_of(client, "/certificates/entry/999/", 404)


def test_a_visitor_reads_but_takes_no_file(district: District, july: dt.datetime) -> None:
    mine = certify(district, july)
    shown = visiting(district).get(f"/certificates/{mine.number}/").content.decode()
    assert "Certificate of data disposition" in shown
    assert ".pdf" not in shown
    assert ".json" not in shown


def test_a_list_without_rows_says_so(district: District, july: dt.datetime) -> None:
    client = logged_in(district, Role.DISTRICT_ADMIN)
    assert "No certificate has been issued yet" in page_of(client, "/certificates/")
    assert "There are no earlier certificates" in page_of(client, "/certificates/?before=1")


def test_long_lists_go_by_key_and_ask_no_more(district: District, july: dt.datetime) -> None:
    client = logged_in(district, Role.DISTRICT_ADMIN)
    certify(district, july)

    def queries(address: str) -> int:
        page_of(client, address)  # what is remembered between requests
        with CaptureQueriesContext(connection) as asked:
            page_of(client, address)
        return len(asked)

    few = queries("/certificates/")
    for _ in range(27):
        newest = certify(district, july)
    assert queries("/certificates/") == few
    older = re.search(r'href="(\?before=\d+)"', client.get("/certificates/").content.decode())
    assert older
    assert page_of(client, f"/certificates/{older.group(1)}").count("Storage rewritten") == 3
    assert queries(f"/certificates/{newest.number}/") <= 12


def test_the_public_page_of_a_number_shows_counts_and_the_newest_version(
    district: District, july: dt.datetime, clock: Callable[[str], dt.datetime]
) -> None:
    first = certify(district, july)
    clock("2026-09-05T12:00:00+00:00")
    certify(district, july, kind="anonymization", students=12)
    stranger = client_at(None)
    shown = page_of(stranger, f"/certificates/check/{first.number.lower().replace('-', '')}/")
    assert "This is the newest version, number 2" in shown
    assert "from every backup" in shown
    assert "545,319" in shown
    page_of(stranger, "/certificates/check/0000-0000-0000/", 404)
    page_of(stranger, "/certificates/check/nonsense/", 404)


def test_the_desk_has_the_own_books(book: District, other_district: District, csm: Client, july: dt.datetime) -> None:
    mine, theirs = certify(book, july), certify(other_district, july)
    District.objects.filter(pk=book.pk).update(removed_at=july)  # it has left: its certificates are still read
    shown = page_of(csm, "/admin/certificates/certificate/")
    assert (mine.number in shown, theirs.number in shown) == (True, False)
    key = f"/admin/certificates/certificate/{mine.pk}"
    assert "Primary copy removed" in page_of(csm, f"{key}/change/")
    for ending in ("pdf", "json"):
        assert check_certificate(csm.get(f"{key}/certificate.{ending}").content).is_right
    for address in (f"{theirs.pk}/change/", f"{theirs.pk}/certificate.pdf", "nonsense/change/",
                    f"entry/{other_district.pk}/{theirs.ledger_number}/"):  # fmt: skip
        page_of(csm, f"/admin/certificates/certificate/{address}", 404)
    entry = f"/admin/certificates/certificate/entry/{book.pk}/{mine.ledger_number}/"
    assert csm.get(entry)["Location"] == f"{key}/change/"
    assert csm.post(f"{key}/change/", {"stage": "final"}).status_code == 405


def test_a_longer_list_at_the_desk_asks_no_more(book: District, csm: Client, july: dt.datetime) -> None:
    def queries(address: str) -> int:
        page_of(csm, address)
        with CaptureQueriesContext(connection) as asked:
            page_of(csm, address)
        return len(asked)

    address = "/admin/certificates/certificate/"
    certify(book, july)
    few = queries(address)
    for _ in range(5):
        certify(book, july)
    assert queries(address) == few
    assert Certificate.objects.count() > 5
