"""A request is answered in its host's district, or not at all."""

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from tenants import hosts
from tenants.clock import real_now
from tenants.middleware import DistrictMiddleware
from tenants.migrating.capture import drop_schema
from tenants.models import District, Domain
from tenants.services import remove_district


@pytest.fixture
def ask(rf: RequestFactory) -> Callable[[str], HttpResponse]:
    """Ask a host which schema answers."""

    def view(request: HttpRequest) -> HttpResponse:
        urls = getattr(request, "urlconf", "tenant")
        return HttpResponse(f"{connection.schema_name} {request.tenant.schema_name} {urls}")  # type: ignore[attr-defined]

    middleware = DistrictMiddleware(view)
    return lambda host: middleware(rf.get("/", headers={"host": host}))


@pytest.mark.parametrize("host", ["maple.localhost", "MAPLE.localhost:8000", "maple.localhost."])
def test_a_districts_host(district: District, ask: Callable[[str], HttpResponse], host: str) -> None:
    schema = district.schema_name
    assert ask(host).content.decode() == f"{schema} {schema} tenant"


@pytest.mark.parametrize("host", ["localhost", "www.localhost", "127.0.0.1:8000", "localhost:1"])
def test_the_public_hosts(db: None, ask: Callable[[str], HttpResponse], host: str) -> None:
    assert ask(host).content.decode() == "public public config.urls_public"


@pytest.mark.parametrize("host", ["nobody.localhost", "evil.example", "a.maple.localhost", "-bad-.localhost", "[::1"])
def test_no_districts_host_gets_a_plain_page(district: District, ask: Callable[[str], HttpResponse], host: str) -> None:
    with connection.cursor():
        connection.set_tenant(district)
    response = ask(host)
    assert response.status_code == 404
    assert b"<h1>No district here</h1>" in response.content
    assert host.encode() not in response.content
    assert connection.schema_name == "public"


def test_a_removed_district_is_gone_at_once(
    make_district: Callable[..., District], ask: Callable[[str], HttpResponse]
) -> None:
    district = make_district("oak")
    assert ask("oak.localhost").status_code == 200
    remove_district(district, actor="tests", at=real_now())
    assert ask("oak.localhost").status_code == 410


def test_a_missing_schema_is_not_answered_from_public(
    make_district: Callable[..., District], ask: Callable[[str], HttpResponse]
) -> None:
    drop_schema(make_district("oak").schema_name)
    assert ask("oak.localhost").status_code == 404


def test_the_second_request_asks_nothing(
    district: District, ask: Callable[[str], HttpResponse], django_assert_num_queries: Callable[[int], object]
) -> None:
    ask("maple.localhost")
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        ask("maple.localhost")


def test_a_moved_domain_is_noticed_at_once(
    district: District, other_district: District, ask: Callable[[str], HttpResponse]
) -> None:
    ask("maple.localhost")
    domain = Domain.objects.get(domain="maple.localhost")
    domain.tenant = other_district
    domain.save()
    assert other_district.schema_name in ask("maple.localhost").content.decode()


def test_another_processs_change_is_noticed_soon(
    district: District, ask: Callable[[str], HttpResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("maple.localhost")
    District.objects.filter(pk=district.pk).update(removed_at=real_now())
    assert ask("maple.localhost").status_code == 200
    soon = time.monotonic() + 11
    monkeypatch.setattr(hosts.time, "monotonic", lambda: soon)
    assert ask("maple.localhost").status_code == 410


def test_requests_share_no_district_object(district: District) -> None:
    first, second = hosts.district_at("maple.localhost"), hosts.district_at("maple.localhost")
    assert first == second
    assert first is not second


@override_settings(ALLOWED_HOSTS=["*"])
def test_another_suffix_is_no_district(district: District, ask: Callable[[str], HttpResponse]) -> None:
    assert ask("maple.example").status_code == 404
