"""Every URL of both hosts, asked by a stranger, by every role, and with another district's session."""

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, resolve, reverse

from accounts.errors import UnlistedUrlError
from accounts.middleware import PermissionMatrixMiddleware
from accounts.models import DISTRICT_ROLES, VENDOR_ROLES, Role
from accounts.permissions import CLIENTS, ENDS_A_VISIT, MATRIX, Roles, entry_of, scope_of
from tenants.models import District
from tests.support.people import client_at, logged_in, visiting

PUBLIC = "config.urls_public"
TENANT = "config.urls_tenant"
EXAMPLES: dict[str, Any] = {
    "suite": "literacy",
    "school_year": 2026,
    "object_id": "1",
    "district": 1,
    "student": 1,
    "other": 2,
    "section": 1,
    "item": "grade-levels",
    "school": 1,
    "kind": "codes",
    "entry": 1,
    "version": 1,
    "district_id": "1",
    "ticket": "not-a-ticket",
    "visit": 1,
    "hold": 1,
    "incoming": 1,
    "report": "literacy-usage",
    "line": 1,
    "recipient": 1,
    "endpoint": 1,
    "delivery": 1,
    "client": 1,
    "app_label": "tenants",
    "content_type_id": 1,
}
KEY = uuid.UUID(int=1)
NOT_YOURS = b"is not open to your role ("


def named_urls(urlconf: str) -> Iterator[tuple[str, str]]:
    """Every URL of a host: its entry in the matrix, and an address that resolves to it."""
    yield from _walk(get_resolver(urlconf), urlconf, ())


def _walk(resolver: URLResolver, urlconf: str, namespaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, urlconf, (*namespaces, *([pattern.namespace] if pattern.namespace else [])))
        elif address := _address(pattern, urlconf, namespaces):
            yield (f"{namespaces[0]}:" if namespaces else str(pattern.name)), address


def _address(pattern: URLPattern, urlconf: str, namespaces: tuple[str, ...]) -> str:
    names = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
    if not pattern.name:
        return ""  # the admin's catch-all and old-style redirects: inside the namespace, so inside its one entry
    values = {name: EXAMPLES.get(name, KEY) for name in names}
    return reverse(":".join((*namespaces, pattern.name)), urlconf=urlconf, kwargs=values)


PUBLIC_URLS = list(named_urls(PUBLIC))
TENANT_URLS = list(named_urls(TENANT))


def is_let_in(response: HttpResponse) -> bool:
    """Whether the matrix let the request through to the view, which may still have no such thing or say no itself."""
    refused = response.status_code == 401 or (response.status_code == 403 and NOT_YOURS in response.content)
    return not refused and not response.get("Location", "").startswith("/login/")


def ask(client: Client, address: str) -> Any:
    return client.get(address, follow=False)


def test_the_matrix_and_the_urls_are_the_same_set() -> None:
    served = {entry for entry, _ in (*PUBLIC_URLS, *TENANT_URLS)}
    assert served == set(MATRIX)


def test_nothing_is_nameless() -> None:
    top = [p for urlconf in (PUBLIC, TENANT) for p in get_resolver(urlconf).url_patterns if isinstance(p, URLPattern)]
    assert all(pattern.name for pattern in top)


@pytest.mark.parametrize("place", ["public", "district"])
def test_a_stranger_logs_in_first(district: District, place: str) -> None:
    urls = PUBLIC_URLS if place == "public" else TENANT_URLS
    client = client_at(None if place == "public" else district)
    for entry, address in urls:
        response = ask(client, address)
        if MATRIX[entry] is None:
            assert is_let_in(response), address
        elif entry in CLIENTS:
            assert (response.status_code, response["WWW-Authenticate"][:6]) == (401, "Bearer"), address
        else:
            assert (response.status_code, response["Location"][:13]) == (302, "/login/?next="), address


@pytest.mark.parametrize("role", DISTRICT_ROLES)
def test_each_role_of_a_district(district: District, role: Role) -> None:
    client = logged_in(district, role)
    for entry, address in TENANT_URLS:
        if entry != "logout":
            _expect(client, role, MATRIX[entry], address)


@pytest.mark.parametrize("role", VENDOR_ROLES)
def test_each_role_of_the_vendor(db: None, role: Role) -> None:
    client = logged_in(None, role)
    for entry, address in PUBLIC_URLS:
        if entry != "logout" and "logout" not in address:
            _expect(client, role, MATRIX[entry], address)


def test_a_support_visitor_reads_what_the_matrix_says(district: District) -> None:
    client = visiting(district)
    for entry, address in TENANT_URLS:
        _expect(client, Role.SUPPORT, MATRIX[entry], address)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_support_visitor_changes_nothing_anywhere(district: District, method: str) -> None:
    client = visiting(district)
    for entry, address in TENANT_URLS:
        if entry != ENDS_A_VISIT:
            refused = getattr(client, method)(address)
            assert (refused.status_code, b"for looking only" in refused.content) == (403, True), address
    assert getattr(client, method)("/visit/end/").status_code == (302 if method == "post" else 405)


def test_no_row_of_a_district_can_be_a_visitor(district: District) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        logged_in(district, Role.SUPPORT)


def test_a_visitors_pages_lead_nowhere_that_is_closed(district: District) -> None:
    """And they hold no form but the one that ends the visit."""
    client = visiting(district)
    pages = [address for entry, address in TENANT_URLS if Role.SUPPORT in (MATRIX[entry] or ())]
    shown = [(address, ask(client, address)) for address in pages if entry_at(address) != ENDS_A_VISIT]
    for address, response in shown:
        if response.status_code == 200:
            text = response.content.decode()
            forms = re.findall(r'<form method="post"[^>]*', text)
            is_piece = "<html" not in text  # which a page puts in place of its own
            assert forms == ([] if is_piece else ['<form method="post" action="/visit/end/"']), address
            for link in set(re.findall(r'<a [^>]*href="(/[^"#?]*)', text)):
                assert is_let_in(ask(client, link)), (address, link)


def entry_at(address: str) -> str:
    return entry_of(resolve(address, TENANT))


def _expect(client: Client, role: Role, roles: Roles | None, address: str) -> None:
    response = ask(client, address)
    if roles is None or role in roles:
        assert is_let_in(response), (address, response.status_code)
        assert response.status_code < 500, address
    elif address.startswith("/api/"):
        assert response.status_code == 403, address
        assert "ask " in response.json()["detail"]
    else:
        assert response.status_code == 403, address
        assert b"If your work needs it, ask" in response.content


def test_another_districts_session_is_no_session(district: District, other_district: District) -> None:
    """The cookie of the one, sent to the other, is a stranger's."""
    for role in (*DISTRICT_ROLES, Role.SUPPORT):
        own = visiting(district) if role == Role.SUPPORT else logged_in(district, role)
        cookie = own.cookies["sessionid"].value
        for place in (other_district, None):
            client = client_at(place)
            client.cookies["sessionid"] = cookie
            for entry, address in PUBLIC_URLS if place is None else TENANT_URLS:
                if MATRIX[entry] is not None:
                    response = ask(client, address)
                    assert not is_let_in(response), (role, address)


def test_a_vendors_session_opens_no_district(district: District) -> None:
    for role in VENDOR_ROLES:
        client = client_at(district)
        client.cookies["sessionid"] = logged_in(None, role).cookies["sessionid"].value
        for entry, address in TENANT_URLS:
            if MATRIX[entry] is not None:
                assert not is_let_in(ask(client, address)), (role, address)


def test_the_admin_is_not_on_a_districts_host(district: District) -> None:
    assert logged_in(district, Role.DISTRICT_ADMIN).get("/admin/").status_code == 404


def test_the_scopes() -> None:
    assert scope_of(Role.CSM, "admin:") == "the districts of their own book"
    assert scope_of(Role.SCHOOL_ADMIN, "resets") == "their own school"
    assert scope_of(Role.EDUCATOR, "resets") is None
    assert scope_of(Role.EDUCATOR, "login") is None


@pytest.fixture
def unlisted() -> Mapping[str, Any]:
    """A request for a URL that the matrix does not know."""
    pattern = path("new/", lambda _: HttpResponse("open to all"), name="a_new_page")
    request: HttpRequest = RequestFactory().get("/new/")
    request.resolver_match = pattern.resolve("new/")
    request.user = AnonymousUser()
    return {"request": request, "_view": None, "_args": (), "_kwargs": {}}


def test_an_unlisted_url_is_an_error_here(unlisted: Mapping[str, Any]) -> None:
    with pytest.raises(UnlistedUrlError, match="'a_new_page' is not in accounts/permissions"):
        PermissionMatrixMiddleware(lambda _: HttpResponse()).process_view(**unlisted)


@override_settings(STRICT_MATRIX=False)
def test_an_unlisted_url_is_refused_in_production(
    unlisted: Mapping[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(PermissionDenied):
        PermissionMatrixMiddleware(lambda _: HttpResponse()).process_view(**unlisted)
    assert "refused the URL name 'a_new_page'" in caplog.text
