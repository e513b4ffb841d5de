"""`manage.py replay_dispositions`: after a restore from a backup, do again what was destroyed since it was made."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.replaying import ReplayError
from recovery.again import AGAIN
from recovery.lost import Lost, LostEntriesError, districts_behind
from recovery.replay import Outcome, replay_district


class Command(BaseCommand):
    """Brings every district whose tables are older than its published ledger up to it, and so opens it again."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """One district, or a look without doing anything."""
        parser.add_argument("--district", type=int, help="Only this one, by number.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what is lost and would be done; change nothing."
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Replay district by district; one that fails does not keep the others closed.

        Raises:
            CommandError: what was published cannot be trusted, or a district could not be brought up to it.
        """
        try:
            behind = [each for each in districts_behind() if options["district"] in (None, each.district)]
        except LostEntriesError as error:
            raise CommandError(f"{error}. Nothing was changed.") from None
        if not behind:
            self.stdout.write("No district is behind its published ledger: nothing to do.")
            return
        failed = [why for each in behind if (why := self._replay(each, dry=options["dry_run"]))]
        if failed:
            raise CommandError("\n".join([f"{len(failed):,} of {len(behind):,} districts stay closed:", *failed]))

    def _replay(self, lost: Lost, *, dry: bool) -> str:
        """Replay one district; returns why it stays closed, or nothing."""
        first, last = lost.entries[0], lost.entries[-1]
        self.stdout.write(
            f"district {lost.district}: the database ends with entry {lost.known}, published are {first.number} to "
            f"{last.number} (until {last.at[:19]}Z)"
        )
        if dry:
            for entry in lost.entries:
                what = "would be done again" if entry.kind in AGAIN else "would be written down again"
                self.stdout.write(f"    {entry.number}. {entry.kind} of {entry.at[:19]}Z {what}")
            return ""
        try:
            self._tell(replay_district(lost, lambda line: self.stdout.write(f"    {line}")))
        except ReplayError as error:
            return str(error)
        return ""

    def _tell(self, outcome: Outcome) -> None:
        if outcome.left:
            self.stdout.write(f"    left as it is: {outcome.left}")
            return
        for words, kinds in (("done again", outcome.again), ("written down again", outcome.noted)):
            if kinds:
                each = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
                self.stdout.write(f"    {words}: {each}")
        if outcome.differing:
            numbers = ", ".join(map(str, outcome.differing))
            self.stdout.write(f"    other counts than then, because the backup holds other rows: entries {numbers}")
        if outcome.unknown:
            numbers = ", ".join(map(str, outcome.unknown))
            self.stdout.write(
                f"    entries {numbers} were being written when the database was lost, and were never published: "
                "ask whoever stood for them whether they are to be done"
            )
        self.stdout.write("    open")
