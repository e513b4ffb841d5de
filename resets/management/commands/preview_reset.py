"""`preview_reset DISTRICT SUITE`: what a reset would do, in counts, changing nothing."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from resets.engine import Preview, preview
from resets.engine.preview import PreviewLine
from resets.management.arguments import add_district_and_suite, as_json, read_target
from tenants import clock

NUMBERS = ("before", "retained", "archived", "deleted", "changed")


class Command(BaseCommand):
    """Prints the policy's rows with their counts, per school with `--schools`."""

    help = "Show what a suite's reset would do in a district: rows by category and action. Nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `--help`."""
        add_district_and_suite(parser)
        parser.add_argument("--schools", action="store_true", help="counts per school too")
        parser.add_argument("--plan", action="store_true", help="the compiled plan in place of the counts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count and print."""
        district, suite, school_year = read_target(options)
        found = preview(district, suite, school_year, clock.today_in(district.time_zone))
        if options["json"]:
            self.stdout.write(as_json(_answer(found)))
        elif options["plan"]:
            self.stdout.write(found.plan.as_text())
        else:
            self._print(found, schools=options["schools"])

    def _print(self, found: Preview, *, schools: bool) -> None:
        console = Console(highlight=False)
        table = Table(title=f"{found.plan.suite.name}, reset on {found.reset_on}", title_justify="left")
        for name in ("Data", "Action"):
            table.add_column(name)
        for name in NUMBERS:
            table.add_column(name.title(), justify="right")
        for line in found.lines:
            table.add_row(line.label, line.action_words, *(f"{getattr(line, name):,}" for name in NUMBERS))
            for school in line.schools if schools else ():
                numbers = (f"{getattr(school, name):,}" for name in NUMBERS)
                table.add_row(f"  {school.name or 'no school'}", "", *numbers, style="dim")
        console.print(table)
        for note in found.notes:
            console.print(note)


def _answer(found: Preview) -> dict[str, Any]:
    return {
        "suite": found.plan.suite.code,
        "school_year": found.plan.ground.school_year,
        "reset_on": found.reset_on,
        "policy_version": found.plan.policy.version,
        "lines": [_line(line) for line in found.lines],
        "notes": list(found.notes),
    }


def _line(line: PreviewLine) -> dict[str, Any]:
    return {
        "category": line.rule.category,
        "label": line.label,
        "action": line.action_words,
        "because": line.rule.because,
        **{name: getattr(line, name) for name in NUMBERS},
        "schools": [
            {"id": school.school_id, "name": school.name, **{name: getattr(school, name) for name in NUMBERS}}
            for school in line.schools
        ],
    }
