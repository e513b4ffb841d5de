"""What the resets' commands share: naming a district and a suite, and answering as text or JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django_tenants.utils import schema_context

from products.registry import suite_named
from tenants.models import District

ACTOR = "command:manage.py"


def add_district_and_suite(parser: ArgumentParser) -> None:
    """The two positional arguments, the school year, and `--json`."""
    parser.add_argument("district", help="the district's slug")
    parser.add_argument("suite", help="literacy, math, hero ...")
    parser.add_argument("--school-year", type=int, help="the year in which it ends; the district's current one")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def find_district(slug: str) -> District:
    """The district of a slug.

    Raises:
        CommandError: there is none.
    """
    with schema_context("public"):
        district = District.objects.filter(slug=slug, removed_at=None).first()
    if district is None:
        raise CommandError(f"there is no district {slug!r}: `manage.py create_district --help` tells how to make one")
    return district


def read_target(options: dict[str, Any]) -> tuple[District, str, int]:
    """The district, the suite's code and the school year that the options name.

    Raises:
        CommandError: there is no such district or suite.
    """
    district = find_district(options["district"])
    try:
        suite = suite_named(options["suite"])
    except LookupError as error:
        raise CommandError(str(error)) from error
    return district, suite.code, options.get("school_year") or district.school_year


def as_json(answer: Any) -> str:
    """An answer as indented JSON; dates as ISO."""
    return json.dumps(answer, indent=2, default=str, ensure_ascii=False)
