"""import_roster DISTRICT PATH: bring a OneRoster bundle into a district's roster."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from rostering.management.district import named_district
from rostering.models import Sync, SyncState
from rostering.selectors import error_summary, sync_errors
from rostering.services import errors_as_csv, import_bundle
from tenants.clock import today_in
from tenants.schema import enter_district

SHOWN_ERRORS = 40


class Command(BaseCommand):
    """Import a roster, or with --dry-run check it on the same path."""

    help = "Import a OneRoster 1.1 or 1.2 CSV bundle (a zip or a folder) into a district's roster."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command line."""
        parser.add_argument("district", help="the district's slug")
        parser.add_argument("path", type=Path, help="a zip or a folder")
        parser.add_argument("--dry-run", action="store_true", help="do everything, then roll it back")
        parser.add_argument("--strict", action="store_true", help="refuse exactly what the specification refuses")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--errors-csv", type=Path, metavar="FILE", help="write all errors to a CSV file")
        parser.add_argument("--actor", default="command", help="who, for the records")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, tell the result, and exit with 1 when the bundle was refused."""
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"{path} is not there.")
        district = named_district(options["district"])
        with enter_district(district):
            sync = self._import(path, district.time_zone, options)
            if options["errors_csv"]:
                with options["errors_csv"].open("w", newline="") as out:
                    out.writelines(errors_as_csv(sync.pk))
            if options["json"]:
                self.stdout.write(json.dumps(as_json(sync), indent=2, default=str))
            else:
                self._tell(sync)
        if sync.state == SyncState.REFUSED:
            raise SystemExit(1)

    def _import(self, path: Path, time_zone: str, options: dict[str, Any]) -> Sync:
        console = Console(stderr=True)
        given = {"source": "command", "actor": options["actor"], "as_of": today_in(time_zone)}
        given |= {"strict": options["strict"], "dry_run": options["dry_run"]}
        if options["json"] or not console.is_terminal:
            tell = (lambda what, share: None) if options["json"] else self._line
            return import_bundle(path, progress=tell, **given)
        columns = (TextColumn("{task.description:32}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("opening", total=1.0)
            return import_bundle(
                path, progress=lambda what, share: bar.update(task, description=what, completed=share), **given
            )

    def _line(self, what: str, share: float) -> None:
        self.stdout.write(f"{share:4.0%}  {what}")

    def _tell(self, sync: Sync) -> None:
        console = Console(file=cast("IO[str]", self.stdout))
        console.print(f"[bold]{SyncState(sync.state).label}[/bold]  {sync.note}")
        if sync.counts:
            console.print(_counts_table(sync))
        for warning in sync.warnings:
            where = " ".join(part for part in (warning["file"], warning["column"]) if part)
            console.print(f"Warning, {warning['count']:,} times: {where}: {warning['message']}", markup=False)
        if sync.error_count:
            console.print(_error_table(sync))
            hidden = sync.error_count - SHOWN_ERRORS
            if hidden > 0:
                console.print(f"... and {hidden:,} more; --errors-csv FILE writes them all.")


def as_json(sync: Sync) -> dict[str, Any]:
    """A sync's record and its errors, counted, as plain values."""
    return {
        "id": sync.pk,
        "state": sync.state,
        "note": sync.note,
        "file_name": sync.file_name,
        "version": sync.version,
        "school_year": sync.school_year,
        "as_of": sync.as_of,
        "counts": sync.counts,
        "warnings": sync.warnings,
        "error_count": sync.error_count,
        "errors": error_summary(sync.pk),
    }


def _counts_table(sync: Sync) -> Table:
    names = ("read", "created", "updated", "left", "unchanged", "held")
    table = Table("", *names)
    for row, counts in sync.counts.items():
        if "not_imported" in counts:
            table.add_row(row, f"{counts['read']:,}", "", "", "", "read and checked, not imported", "")
        else:
            table.add_row(row, *(f"{counts.get(name, 0):,}" for name in names))
    return table


def _error_table(sync: Sync) -> Table:
    table = Table("file", "row", "column", "value", "what is wrong and how to mend it")
    for error in sync_errors(sync.pk, limit=SHOWN_ERRORS).errors:
        table.add_row(error.file, str(error.row or ""), error.column, error.value, error.message)
    return table
