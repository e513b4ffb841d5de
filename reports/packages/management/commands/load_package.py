"""`load_package FILE`: reads a year package back into an empty installation, or beside others of the same district."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.packages.loading.errors import LoadRefusedError
from reports.packages.loading.services import LoadResult, load_package
from tenants import clock


class Command(BaseCommand):
    """Exit status 0 when it was loaded (or would be), 1 when it was refused."""

    help = "Load a year package into a district, whole or not at all; the district is made if it is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """See `--help`."""
        parser.add_argument("file", type=Path, help="the package: .zip, or .zip.age")
        parser.add_argument("--identity", type=Path, metavar="KEYFILE", help="age's secret keys, or an SSH private key")
        parser.add_argument("--slug", default="", help="the district's slug; that of the package when left out")
        parser.add_argument("--dry-run", action="store_true", help="check everything, and write nothing")

    def handle(self, *_: Any, **options: Any) -> None:
        """Load, and say what happened."""
        quiet = options["verbosity"] == 0
        try:
            result = load_package(
                options["file"],
                identity=options["identity"],
                slug=options["slug"],
                actor="command:load_package",
                at=clock.now(),
                dry_run=options["dry_run"],
                tell=lambda line: None if quiet else self.stdout.write(line),
            )
        except LoadRefusedError as refused:
            for problem in refused.problems:
                self.stderr.write(problem)
            raise CommandError(f"refused: {len(refused.problems):,} problems; nothing was changed") from None
        self.stdout.write(_words(result, dry_run=options["dry_run"]))


def _words(result: LoadResult, *, dry_run: bool) -> str:
    put, same = sum(result.inserted.values()), sum(result.same.values())
    made = " (new)" if result.made else ""
    said = f"{result.manifest.suite} {result.manifest.school_year}, district {result.district.slug}{made}"
    end = "; a dry run: nothing was changed" if dry_run else ""
    return f"{said}: {put:,} rows {'would be ' if dry_run else ''}put in, {same:,} were there already{end}"
