"""`anonymize_due`: what the tick does by itself each minute, by hand: ask for every anonymization that is due."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from archiving.planner import plan_anonymizations
from archiving.selectors import due_anonymizations
from tenants import clock


class Command(BaseCommand):
    """The worker does the work; `--dry-run` only says what is due."""

    help = "Ask for the anonymization of students who have not come back within the ninety days, where it is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `--help`."""
        parser.add_argument("--dry-run", action="store_true", help="only say what is due")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, and say what was asked for."""
        due = due_anonymizations(clock.now())
        if not options["dry_run"]:
            plan_anonymizations()
        lines = [
            {"district": district.slug, "suite": suite, "school_year": year, "until": until.isoformat()}
            for district, suite, year, until, _ in due
        ]
        if options["json"]:
            self.stdout.write(json.dumps(lines, indent=2))
            return
        for line in lines:
            self.stdout.write("{district}: {suite} of {school_year}, returned until {until}".format(**line))
        done = "due" if options["dry_run"] else "asked for; the worker does them"
        self.stdout.write(f"{len(lines)} anonymization(s) {done}")
