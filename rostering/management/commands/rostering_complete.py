"""rostering_complete DISTRICT --actor NAME: rostering for the new year is complete, nightly syncs go on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from rostering.management.district import named_district
from rostering.services import declare_rostering_complete
from tenants import clock
from tenants.schema import enter_district


class Command(BaseCommand):
    """Declare rostering complete."""

    help = "Declare rostering for the new year complete: the nightly syncs go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command line."""
        parser.add_argument("district", help="the district's slug")
        parser.add_argument("--actor", required=True, help="who declares it")

    def handle(self, *args: Any, **options: Any) -> None:
        """End every pause."""
        with enter_district(named_district(options["district"])):
            ended = declare_rostering_complete(actor=options["actor"], at=clock.now())
        self.stdout.write(f"{ended} pauses ended." if ended else "Nothing was paused.")
