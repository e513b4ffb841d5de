"""`load_product_data DISTRICT SUITE CATEGORY FILE`: a product's events from CSV or NDJSON."""

import csv
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from products.loader import LoadError, LoadResult, NotLoadableError, load_product_data
from tenants import clock
from tenants.errors import DistrictError
from tenants.models import District
from tenants.schema import enter_district

SHOWN = 20
UNSAFE = ("=", "+", "-", "@", "\t", "\r")


class Command(BaseCommand):
    """Exit status 0 when the file was applied (or would be), 1 when it was refused."""

    help = "Load a product's events into a district, whole or not at all."

    def add_arguments(self, parser: CommandParser) -> None:
        """See `--help`."""
        parser.add_argument("district", help="slug")
        parser.add_argument("suite", help="literacy, math, hero, renaissance, ...")
        parser.add_argument("category", help="of the suite's data map, or category/table")
        parser.add_argument("file", type=Path, help=".csv, .ndjson or .jsonl, also with .gz")
        parser.add_argument("--dry-run", action="store_true", help="check and count only")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--errors-csv", type=Path, metavar="PATH", help="write all errors there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what happened."""
        with schema_context("public"):
            district = District.objects.filter(slug=options["district"], removed_at=None).first()
        if district is None:
            raise CommandError(f"there is no district {options['district']}")
        try:
            with enter_district(district):
                result = load_product_data(
                    options["suite"],
                    options["category"],
                    options["file"],
                    actor="command:load_product_data",
                    as_of=clock.today_in(district.time_zone),
                    dry_run=options["dry_run"],
                )
        except (LookupError, NotLoadableError, DistrictError, OSError) as error:
            raise CommandError(str(error)) from error
        if options["errors_csv"]:
            write_errors(options["errors_csv"], result.errors)
        self._print(result, as_json=options["json"])
        if result.error_count:
            raise CommandError(f"refused: {result.error_count:,} errors; nothing was changed")

    def _print(self, result: LoadResult, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(result)))
            return
        for error in result.errors[:SHOWN]:
            shown = f" {error.value!r}" if error.value else ""
            self.stdout.write(f"row {error.row or '-'} {error.column}{shown}: {error.message}")
        if result.error_count > SHOWN:
            self.stdout.write(f"... and {result.error_count - SHOWN:,} more; --errors-csv lists all")
        self.stdout.write(
            f"{result.state}: {result.read:,} rows read, {result.created:,} created, {result.updated:,} corrected,"
            f" {result.unchanged:,} unchanged"
        )


def write_errors(path: Path, errors: tuple[LoadError, ...]) -> None:
    """Write errors as a CSV that is safe to open in a spreadsheet."""
    names = [field.name for field in fields(LoadError)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for error in errors:
            cells = ["" if value is None else str(value) for value in asdict(error).values()]
            writer.writerow(["'" + cell if cell.startswith(UNSAFE) else cell for cell in cells])
