"""release_removals DISTRICT SYNC --actor NAME: let those people leave whom a sync holds back."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from rostering.errors import NothingHeldError
from rostering.management.district import named_district
from rostering.models import Sync
from rostering.selectors import held_by_school
from rostering.services import release_removals
from tenants.clock import today_in
from tenants.schema import enter_district


class Command(BaseCommand):
    """Release exactly the change set of one sync, in the name of somebody."""

    help = "Release the removals that a sync holds back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command line."""
        parser.add_argument("district", help="the district's slug")
        parser.add_argument("sync", help="the sync's id")
        parser.add_argument("--actor", required=True, help="who answers for it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show what is held, release it, and say how many left."""
        district = named_district(options["district"])
        with enter_district(district):
            try:
                for row in held_by_school(options["sync"]):
                    self.stdout.write(f"{row['school'] or 'no school'}: {row['count']:,} ({row['kind']})")
                today = today_in(district.time_zone)
                released = release_removals(options["sync"], actor=options["actor"], as_of=today)
            except (NothingHeldError, ValidationError, ValueError) as error:
                raise CommandError(str(error)) from error
            except Sync.DoesNotExist as error:
                raise CommandError(f"There is no sync {options['sync']}.") from error
        self.stdout.write(f"{released:,} people have left the roster.")
