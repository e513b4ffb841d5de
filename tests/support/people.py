"""People who are logged in: a client per person, with the session cookie of their own host."""

from typing import Any

from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import VENDOR_ROLES, Role, User
from accounts.visits import ask_for_visit
from tenants import clock
from tenants.models import District
from tenants.schema import enter_district
from tenants.services import district_host

PUBLIC_HOST = "localhost"
PASSWORD = "summer-turns-the-year"


def make_person(district: District | None, role: Role, email: str = "", **facts: Any) -> User:
    """Somebody of a role in a district, or with None in the public schema."""
    if district is None:
        with schema_context("public"):
            return _make(role, email or f"{role}@vendor.example", facts)
    facts.setdefault("school_id", 1 if role == Role.SCHOOL_ADMIN else None)
    facts.setdefault("educator_id", 1 if role == Role.EDUCATOR else None)
    with enter_district(district):
        return _make(role, email or f"{role}@a.example", facts)


def _make(role: Role, email: str, facts: dict[str, Any]) -> User:
    return User.objects.create_user(email, PASSWORD, name=f"A {role.label.lower()}", role=role, **facts)


def client_at(district: District | None) -> Client:
    """A browser that asks a district's host, or the public one."""
    return Client(headers={"host": district_host(district.slug) if district else PUBLIC_HOST})


def visiting(district: District, email: str = "visitor@vendor.example") -> Client:
    """A browser in which a superuser's support visit into a district goes on; they are made, or are there already."""
    with schema_context("public"):
        staff = User.objects.filter(email=email).first() or _make(Role.SUPERUSER, email, {})
    ticket = ask_for_visit(district, actor=staff.actor, name=staff.name, reason="A test's", at=clock.now())
    client = client_at(district)
    assert client.get(f"/visit/{ticket}/").status_code == 302
    return client


def logged_in(district: District | None, role: Role, email: str = "", **facts: Any) -> Client:
    """A browser in which somebody of the role is logged in."""
    assert (district is None) == (role in VENDOR_ROLES)
    user = make_person(district, role, email, **facts)
    client = client_at(district)
    with enter_district(district) if district else schema_context("public"):
        client.force_login(user)
    return client
