"""`explain DISTRICT STUDENT_ID [SUITE [CATEGORY]]`: what will happen, or happened, to a student's data."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from products.registry import suites
from resets.explain import explain_all
from resets.management.arguments import as_json, find_district
from rostering.models import StudentIdentity
from tenants import clock
from tenants.schema import enter_district


class Command(BaseCommand):
    """By Student ID, as the district knows it."""

    help = "Say in the sources' words what will happen, or happened, to each kind of a student's data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `--help`."""
        parser.add_argument("district", help="the district's slug")
        parser.add_argument("student_id", help="the Student ID of the district")
        parser.add_argument("suite", nargs="?", help="all suites when left out")
        parser.add_argument("category", nargs="?", default="", help="all categories when left out")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Explain."""
        district = find_district(options["district"])
        as_of = clock.today_in(district.time_zone)
        codes = [options["suite"]] if options["suite"] else [suite.code for suite in suites()]
        with enter_district(district):
            identity = StudentIdentity.objects.filter(student_number=options["student_id"]).first()
            if identity is None:
                raise CommandError("no student of this district has that Student ID")
            try:
                found = {
                    code: explain_all(
                        identity.student_id, code, district=district, as_of=as_of, only=options["category"]
                    )
                    for code in codes
                }
            except LookupError as error:
                raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(as_json({code: [asdict(line) for line in lines] for code, lines in found.items()}))
            return
        for lines in found.values():
            for line in lines:
                self.stdout.write(line.sentence)
