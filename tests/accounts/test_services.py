"""Accounts: who may exist where, and what is said when something is wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.errors import InvalidUserError, WrongSchemaError
from accounts.models import DISTRICT_ROLES, VENDOR_ROLES, Role, User
from accounts.services import create_district_user, create_vendor_user, deactivate_user
from tenants.models import District
from tenants.schema import enter_district

PASSWORD = "summer-turns-the-year"


def test_the_public_schema_holds_vendor_roles_only(db: None) -> None:
    for number, role in enumerate(VENDOR_ROLES):
        User.objects.create_user(f"v{number}@vendor.example", role=role, name="V")
    for role in DISTRICT_ROLES:
        with pytest.raises(IntegrityError, match="accounts_user_role_of_schema"), transaction.atomic():
            User.objects.create_user("d@a.example", role=role, name="D")


def test_a_districts_schema_holds_district_roles_only(entered: District) -> None:
    for number, role in enumerate(DISTRICT_ROLES):
        User.objects.create_user(f"d{number}@a.example", role=role, name="D")
    for role in VENDOR_ROLES:
        with pytest.raises(IntegrityError, match="accounts_user_role_of_schema"), transaction.atomic():
            User.objects.create_user("v@vendor.example", role=role, name="V")


def test_a_role_cannot_be_changed_into_a_vendors(entered: District) -> None:
    user = create_district_user(email="d@a.example", password=PASSWORD, name="D", role=Role.DISTRICT_ADMIN)
    user.role = Role.SUPERUSER
    with pytest.raises(IntegrityError), transaction.atomic():
        user.save()


def test_people_are_made_in_the_entered_district(entered: District, other_district: District) -> None:
    create_district_user(email="Dana@A.Example", password=PASSWORD, name=" Dana ", role=Role.DISTRICT_ADMIN)
    assert list(User.objects.values_list("email", "name")) == [("dana@a.example", "Dana")]
    with enter_district(other_district):
        assert not User.objects.exists()


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"email": "no address"}, {"email"}),
        ({"email": "TAKEN@a.example"}, {"email"}),
        ({"name": "  "}, {"name"}),
        ({"password": "short"}, {"password"}),
        ({"password": "new@a.example"}, {"password"}),
        ({"role": Role.CSM}, {"role"}),
        ({"role": Role.SCHOOL_ADMIN}, {"school_id"}),
        ({"role": Role.EDUCATOR}, {"educator_id"}),
        ({"school_id": 5, "educator_id": 6}, {"school_id", "educator_id"}),
        ({"email": "", "name": "", "password": "1"}, {"email", "name", "password"}),
    ],
)
def test_what_is_wrong_is_said_all_at_once(entered: District, facts: dict[str, Any], fields: set[str]) -> None:
    right: dict[str, Any] = {
        "email": "new@a.example",
        "password": PASSWORD,
        "name": "New",
        "role": Role.DISTRICT_ADMIN,
    }
    create_district_user(**{**right, "email": "taken@a.example"})
    with pytest.raises(InvalidUserError) as caught:
        create_district_user(**{**right, **facts})
    assert set(caught.value.problems) == fields
    assert User.objects.count() == 1


def test_each_belongs_to_one_schema(district: District) -> None:
    with pytest.raises(WrongSchemaError):
        create_district_user(email="d@a.example", password=PASSWORD, name="D", role=Role.DISTRICT_ADMIN)
    with enter_district(district), pytest.raises(WrongSchemaError):
        create_vendor_user(email="c@vendor.example", password=PASSWORD, name="C", role=Role.CSM)


def test_a_vendor_has_no_district_role(db: None) -> None:
    with pytest.raises(InvalidUserError, match="role: "):
        create_vendor_user(email="c@vendor.example", password=PASSWORD, name="C", role=Role.EDUCATOR)
    assert create_vendor_user(email="c@vendor.example", password=PASSWORD, name="C", role=Role.CSM).is_staff


def test_a_closed_account_is_out_at_once(district: District, log_in: Callable[..., Client]) -> None:
    client = log_in(district, Role.DISTRICT_ADMIN)
    assert client.get("/password/").status_code == 200
    with enter_district(district):
        deactivate_user(User.objects.get())
    response = client.get("/password/")
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/password/")


def test_the_check_is_the_schemas_own(district: District) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT connamespace::regnamespace::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = 'accounts_user_role_of_schema' AND connamespace::regnamespace::text = ANY(%s)",
            [["public", district.schema_name]],
        )
        found: dict[str, str] = dict(cursor.fetchall())
    assert all(role in found["public"] and role not in found[district.schema_name] for role in VENDOR_ROLES)
    assert all(role in found[district.schema_name] and role not in found["public"] for role in DISTRICT_ROLES)
