"""`build_package SLUG SUITE YEAR`: asks for a year package, and with --wait stays until it is built."""

import time
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from reports.packages.models import Package, PackageState
from reports.packages.places import path_of
from reports.packages.services import ask_package
from tenants import clock
from tenants.models import District

POLL_SECONDS: Final = 1.0


class Command(BaseCommand):
    """Exit status 0 when it was asked for (or built, with --wait), 1 when not."""

    help = "Ask for the year package of a district's suite; the worker builds it."

    def add_arguments(self, parser: CommandParser) -> None:
        """See `--help`."""
        parser.add_argument("slug", help="the district's")
        parser.add_argument("suite", help="literacy, math, hero, renaissance, ...")
        parser.add_argument("year", type=int, help="the year in which the school year ends")
        parser.add_argument("--wait", action="store_true", help="stay until it is built, and say how far it is")

    def handle(self, *_: Any, **options: Any) -> None:
        """Ask, and wait where that is asked for."""
        with schema_context("public"):
            district = District.objects.filter(slug=options["slug"], removed_at=None).first()
        if district is None:
            raise CommandError(f"there is no district {options['slug']}")
        try:
            package = ask_package(
                district, options["suite"], options["year"], actor="command:build_package", at=clock.now()
            )
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"package {package.pk}")
        if options["wait"]:
            self._wait(package)

    def _wait(self, package: Package) -> None:
        said = ""
        while package.is_open:
            words = f"{package.percent} percent: {package.step or 'waiting for a worker'}"
            if words != said:
                self.stdout.write(words)
                said = words
            time.sleep(POLL_SECONDS)
            package = Package.objects.select_related("district").get(pk=package.pk)
        if package.state != PackageState.READY:
            raise CommandError(package.error or f"the package is {package.get_state_display().lower()}")
        self.stdout.write(f"built and checked: {path_of(package)}, SHA-256 {package.sha256}")
