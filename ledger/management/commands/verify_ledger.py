"""`manage.py verify_ledger`: is the ledger what it was when it was written?"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.verifying import ledger_districts, verify_district


class Command(BaseCommand):
    """Checks every district's chain, and the database against the heads that were signed and published."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """One district, another folder."""
        parser.add_argument("--district", type=int, help="Only this one, by number; 0 is what concerns all.")
        parser.add_argument("--heads", type=Path, help="The published folder, if not LEDGER_DIR: a copy of it, say.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Tell each district's state.

        Raises:
            CommandError: something was edited, dropped, put in, reordered or truncated.
        """
        root: Path | None = options["heads"]
        if root is not None and not root.is_dir():
            raise CommandError(f"--heads: there is no folder {root}")
        broken = 0
        wanted = ledger_districts(root) if options["district"] is None else [options["district"]]
        for district in wanted:
            found = verify_district(district, root)
            state = "holds" if not found.problems else "IS BROKEN"
            self.stdout.write(
                f"district {district}: {found.entries:,} entries, {found.published:,} published: {state}"
                f"{f', root {found.root}' if found.root else ''}"
            )
            for problem in found.problems:
                self.stdout.write(f"    {problem}")
            broken += bool(found.problems)
        if broken:
            raise CommandError(f"the ledger of {broken:,} of {len(wanted):,} districts does not hold: see above")
