"""`generate_district`: a made-up district of any size, as a OneRoster bundle or with years of product data."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from products.generator.bundle import write_bundle
from products.generator.errors import GenerationError
from products.generator.plan import Calendar, Plan
from products.generator.services import generate_product_data, suites_with_generator
from products.models import Subscription
from products.registry import suite_named
from rostering.services import import_bundle
from tenants.errors import DistrictError
from tenants.models import District
from tenants.schema import enter_district
from tenants.services import provision_district

ACTOR = "command:generate_district"


class Command(BaseCommand):
    """The same options and seed give the same district. Nobody in it exists."""

    help = "Make up a district: its people as a OneRoster bundle, its product data over several years."

    def add_arguments(self, parser: CommandParser) -> None:
        """See `--help`."""
        parser.add_argument("--students", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--slug", default="generated", help="the district; it is provisioned if it is not there")
        parser.add_argument("--name", default="", help="of a new district")
        parser.add_argument("--suites", default="", help="comma-joined; every suite with a generator when left out")
        parser.add_argument("--school-year", type=int, default=2026, help="the current one, by the year it ends in")
        parser.add_argument("--years", type=int, default=4, help="school years of product data, this one included")
        parser.add_argument("--time-zone", default="America/New_York", help="of a new district")
        parser.add_argument("--next-year", action="store_true", help="the roster of the year after, no product data")
        parser.add_argument("--bundle-only", metavar="PATH", help="write the OneRoster bundle here, and nothing else")
        parser.add_argument("--roster", metavar="PATH", help="import this bundle in place of a made-up one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the bundle, or fill the district."""
        self.verbosity: int = options["verbosity"]
        if options["students"] < 1 or options["years"] < 1:
            raise CommandError("--students and --years must be 1 or more")
        try:
            if options["bundle_only"]:
                self._bundle_only(options)
            else:
                self._fill(options)
        except (GenerationError, DistrictError, LookupError) as error:
            raise CommandError(str(error)) from error

    def _bundle_only(self, options: dict[str, Any]) -> None:
        path = write_bundle(_plan(options), Path(options["bundle_only"]), years_on=int(options["next_year"]))
        self._say(f"wrote {path.stat().st_size:,} bytes: {path}")

    def _fill(self, options: dict[str, Any]) -> None:
        district = self._district(options)
        with enter_district(district):
            self._import(options)
            if options["next_year"]:
                return
            for code in _suites(options["suites"]):
                self._say(f"{code}:")
                counts = generate_product_data(
                    district,
                    code,
                    seed=options["seed"],
                    school_year=options["school_year"],
                    years=options["years"],
                    progress=lambda table, rows: self._say(f"  {table}: {rows:,}", least=2),
                )
                self._say(f"  {sum(counts.values()):,} rows in {len(counts)} tables")

    def _district(self, options: dict[str, Any]) -> District:
        calendar = Calendar(options["school_year"])
        with schema_context("public"):
            district = District.objects.filter(slug=options["slug"]).first()
            if district is None:
                district = provision_district(
                    slug=options["slug"],
                    name=options["name"] or _title(options["slug"]),
                    time_zone=options["time_zone"],
                    school_year=options["school_year"],
                    school_year_ends_on=calendar.ends_on,
                    rostering_starts_on=Calendar(options["school_year"] + 1).starts_on.replace(day=3),
                )
                self._say(f"provisioned {district.slug}")
            Subscription.objects.bulk_create(
                (
                    Subscription(district=district, product=product.code, starts_on=calendar.starts_on)
                    for code in _suites(options["suites"])
                    for product in suite_named(code).products
                ),
                ignore_conflicts=True,
            )
        return district

    def _import(self, options: dict[str, Any]) -> None:
        as_of = Calendar(options["school_year"] + int(options["next_year"])).starts_on
        with tempfile.TemporaryDirectory() as folder:
            if options["roster"]:
                path, strict = Path(options["roster"]), False
            else:
                path, strict = Path(folder) / f"{options['slug']}.zip", True
                write_bundle(_plan(options), path, years_on=int(options["next_year"]))
            sync = import_bundle(path, source="command", actor=ACTOR, as_of=as_of, strict=strict)
        if sync.error_count:
            raise CommandError(f"the roster was refused with {sync.error_count} errors; see sync {sync.pk}")
        self._say(f"roster: {sync.get_state_display()}")

    def _say(self, text: str, *, least: int = 1) -> None:
        if self.verbosity >= least:
            self.stdout.write(text)


def _plan(options: dict[str, Any]) -> Plan:
    name = options["name"] or _title(options["slug"])
    return Plan(options["students"], options["seed"], options["school_year"], name, options["slug"])


def _title(slug: str) -> str:
    return f"{slug.replace('-', ' ').title()} School District"


def _suites(names: str) -> list[str]:
    """The suites that were asked for.

    Raises:
        LookupError: one of them is not there or cannot make up data.
    """
    known = [suite.code for suite in suites_with_generator()]
    wanted = [name.strip() for name in names.split(",") if name.strip()] or known
    for name in wanted:
        if name not in known:
            raise LookupError(f"there is no generator for the suite {name!r}; there are: {', '.join(known)}")
    return wanted
