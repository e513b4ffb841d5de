"""Districts from the command line."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Role, User
from tenants.models import Csm, District
from tenants.schema import enter_district, schema_exists

OPTIONS: dict[str, Any] = {
    "name": "Oak Unified", "time_zone": "America/Denver", "school_year": 2026, "school_year_ends": "2026-06-05",
    "rostering_starts": "2026-08-03",
}  # fmt: skip


def create(slug: str = "oak", **options: Any) -> str:
    out = StringIO()
    arguments = [slug]
    for name, value in {**OPTIONS, **options}.items():
        arguments += [f"--{name.replace('_', '-')}"] if value is True else [f"--{name.replace('_', '-')}", str(value)]
    call_command("create_district", *arguments, stdout=out)
    return out.getvalue()


def test_a_district_with_everything(db: None) -> None:
    csm = Csm.objects.create(name="Morgan", email="morgan@vendor.example")
    told = json.loads(
        create(
            csm="Morgan@vendor.example", admin_email="admin@oak.example", admin_name="Ada", nces_id="0622710",
            summer_session_ends="2026-07-10", json=True,
        )
    )  # fmt: skip
    district = District.objects.get(slug="oak")
    assert (district.csm, told["schema"], told["host"]) == (csm, district.schema_name, "oak.localhost")
    with enter_district(district):
        admin = User.objects.get()
        assert (admin.email, admin.name, admin.role) == ("admin@oak.example", "Ada", Role.DISTRICT_ADMIN)
        assert admin.check_password(told["admin_password"])
    assert not User.objects.exists()


def test_in_words(db: None) -> None:
    said = create(admin_email="admin@oak.example")
    assert "Oak Unified is made: http://oak.localhost/" in said
    assert "shown only now" in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "Oak"}, "slug: 'Oak' cannot be a host name"),
        ({"time_zone": "Utah"}, "time_zone: 'Utah' is not an IANA time zone"),
        ({"school_year_ends": "5 June"}, "--school-year-ends"),
        ({"csm": "nobody@vendor.example"}, "--csm: no customer success manager"),
        ({"admin_email": "admin"}, "--admin-email: that is no e-mail address"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(db: None, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        create(**wrong)
    assert not District.objects.exists()


def test_removal_wants_the_slug_twice(db: None) -> None:
    create()
    schema = District.objects.get().schema_name
    with pytest.raises(CommandError, match="Known: oak"):
        call_command("remove_district", "elm", "--confirm", "elm")
    for confirm in ([], ["--confirm", "elm"]):
        with pytest.raises(CommandError, match="add: --confirm oak"):
            call_command("remove_district", "oak", *confirm)
    assert schema_exists(schema)
    call_command("remove_district", "oak", "--confirm", "oak", stdout=StringIO())
    assert not schema_exists(schema)
