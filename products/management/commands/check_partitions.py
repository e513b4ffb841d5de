"""`check_partitions`: whether every district's partitions are ready for a reset of catalogue moves alone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from products.partitions import readiness
from products.partitions.mend import mend_partitions
from tenants.models import District
from tenants.schema import enter_district


class Command(BaseCommand):
    """Reports, and with --mend makes, what a reset would miss. Exit status 1 while something is missing."""

    help = "Check that each district's partitions, CHECKs and indexes are ready to be moved without a scan."

    def add_arguments(self, parser: CommandParser) -> None:
        """`[DISTRICT ...] [--year Y] [--mend]`."""
        parser.add_argument("district", nargs="*", help="slugs; all districts when left out")
        parser.add_argument("--year", type=int, help="school year by its end; this and the next when left out")
        parser.add_argument("--mend", action="store_true", help="make missing partitions and CHECKs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the districts one after the other."""
        slugs: list[str] = options["district"]
        with schema_context("public"):
            districts = list(District.objects.filter(removed_at=None))
        unknown = set(slugs) - {district.slug for district in districts}
        if unknown:
            raise CommandError(f"there is no district {', '.join(sorted(unknown))}")
        chosen = [district for district in districts if not slugs or district.slug in slugs]
        count = sum(self._check(district, options["year"], mend=options["mend"]) for district in chosen)
        if count:
            raise CommandError(f"{count} problems in {len(chosen)} districts")
        self.stdout.write(f"{len(chosen)} districts: every partition is ready")

    def _check(self, district: District, year: int | None, *, mend: bool) -> int:
        years = [year] if year else [district.school_year, district.school_year + 1]
        look = mend_partitions if mend else readiness
        with enter_district(district):
            problems = [problem for each in years for problem in look(district.schema_name, each)]
        for problem in problems:
            self.stdout.write(f"{district.slug}: {problem}")
        return len(problems)
