"""Browsers of people who are logged in, and the page of 25 rows of one table that every other page is held against."""

from collections.abc import Callable
from typing import Any
from unittest import mock

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import clear_url_caches, path
from django_tenants.utils import schema_context

from accounts.models import Role, User
from accounts.permissions import DISTRICT_ADMIN, MATRIX
from config import urls_tenant
from rostering.models import Student
from tenants.models import District
from tenants.schema import enter_district
from tenants.services import district_host

LISTED = 25


def floor_of(client: Client, path: str) -> Callable[[], object]:
    """What asks for a host's floor.

    Raises:
        RuntimeError: it is not there.
    """
    if client.get(path).status_code != 200:
        raise RuntimeError(f"{path} is no page")
    return lambda: client.get(path)


def person(role: Role, email: str, **facts: Any) -> User:
    """Somebody of the entered host.

    Args:
        facts: the school or educator that they are of.
    """
    found = User.objects.filter(email=email.lower()).first()
    return found or User.objects.create_user(email, None, name=role.label, role=role, **facts)


def client_of(district: District | None, user: User) -> Client:
    """Their browser."""
    client = Client(headers={"host": district_host(district.slug) if district else "localhost"})
    with enter_district(district) if district else schema_context("public"):
        client.force_login(user)
    return client


def floor_page() -> "mock._patch_dict":
    """Serve the floor on a district's host: the base page around 25 rows of one table."""
    if FLOOR not in urls_tenant.urlpatterns:
        urls_tenant.urlpatterns.append(FLOOR)
        clear_url_caches()
    return mock.patch.dict(MATRIX, {"bench_floor": DISTRICT_ADMIN})


def list_rows(request: HttpRequest) -> HttpResponse:
    """The floor's view."""
    rows = list(Student.objects.order_by("pk")[:LISTED])
    return render(request, "benchmarks/floor.html", {"rows": rows})


FLOOR = path("bench-floor/", list_rows, name="bench_floor")
