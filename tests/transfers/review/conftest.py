"""A district that received a grade: matched, doubtful and new students, in its first school."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role
from products.models import Subscription
from tenants.models import District
from tests.support.people import logged_in
from tests.transfers.review.world import (
    NOW,
    TODAY,
    add_candidate,
    add_incoming,
    make_import,
    make_school,
    make_students,
)
from transfers.imports.models import Import


@dataclass
class World:
    """One import into the school `here`, ready for review; `elsewhere` is another school of the district.

    Attributes:
        records: students of the site, by given name: Ada and Jo are here, Jolene and Zoe elsewhere.
        incoming: students of the import, by given name: Ada is matched, Jo is uncertain, Kit is new.
    """

    district: District
    here: int
    elsewhere: int
    transfer: Import
    records: dict[str, int]
    incoming: dict[str, int]

    @property
    def path(self) -> str:
        return f"/people/transfers/imports/{self.transfer.pk}/"

    def edit(self, name: str) -> str:
        return f"{self.path}review/{self.incoming[name]}/"


def build(district: District) -> World:
    with schema_context("public"):
        Subscription.objects.create(district=district, product="star_reading", starts_on=TODAY)
    here, elsewhere = make_school(district, "Lincoln"), make_school(district, "Hill")
    mine = make_students(district, here, ["Ada Moreno", "Josephine Moreno"])
    others = make_students(district, elsewhere, ["Jolene Moreno", "Zoe Elsewhere"])
    records = dict(zip(("Ada", "Jo", "Jolene", "Zoe"), (*mine, *others), strict=True))
    transfer = make_import(district, here, students=3, analyzed_at=NOW)
    [ada] = add_incoming(district, transfer, ["Ada Moreno"], band="matched", match_key=records["Ada"], state_id="ST-1")
    [jo] = add_incoming(district, transfer, ["Jo Moreno"], band="review", grade="04")
    [kit] = add_incoming(district, transfer, ["Kit Novak"])
    add_candidate(district, ada, records["Ada"], 0.9999)
    add_candidate(district, jo, records["Jo"], 0.8)
    add_candidate(district, jo, records["Jolene"], 0.2)
    return World(district, here, elsewhere, transfer, records, {"Ada": ada, "Jo": jo, "Kit": kit})


@pytest.fixture
def world(district: District) -> World:
    return build(district)


@pytest.fixture
def admin(world: World) -> Client:
    """The district admin's browser."""
    return logged_in(world.district, Role.DISTRICT_ADMIN)


@pytest.fixture
def school_admin(world: World) -> Client:
    """The browser of the admin of the school that receives."""
    return logged_in(world.district, Role.SCHOOL_ADMIN, "here@a.example", school_id=world.here)


@pytest.fixture
def other_admin(world: World) -> Client:
    """The browser of another school's admin."""
    return logged_in(world.district, Role.SCHOOL_ADMIN, "there@a.example", school_id=world.elsewhere)
