"""`schedule_reset DISTRICT SUITE DATE`: pick a date, or hear why not and which is the nearest."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resets.errors import DateRefusedError, ScheduleError
from resets.management.arguments import ACTOR, add_district_and_suite, as_json, read_target
from resets.services import open_school_year, schedule_reset
from tenants import clock


class Command(BaseCommand):
    """Goes through the same service as the admin."""

    help = "Pick the date of a suite's reset in a district."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `--help`."""
        add_district_and_suite(parser)
        parser.add_argument("date", type=dt.date.fromisoformat, help="YYYY-MM-DD, local to the district")
        parser.add_argument("--reason", default="", help="kept in the history")
        parser.add_argument("--exception-reason", default="", help="why the window's range may be left")
        parser.add_argument("--actor", default=ACTOR, help="who asked for it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Schedule, and say what is scheduled."""
        district, suite, school_year = read_target(options)
        open_school_year(school_year)
        try:
            schedule = schedule_reset(
                district,
                suite,
                school_year,
                options["date"],
                actor=options["actor"],
                as_of=clock.today_in(district.time_zone),
                reason=options["reason"],
                exception_reason=options["exception_reason"],
            )
        except DateRefusedError as error:
            if options["json"]:
                self.stdout.write(as_json({"refused": [vars(refusal) for refusal in error.refusals]}))
            raise CommandError(str(error)) from error
        except ScheduleError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(as_json({"suite": suite, "school_year": school_year, "on": schedule.on}))
        else:
            self.stdout.write(f"{district.slug}: {suite} of {school_year} will be reset on {schedule.on}")
