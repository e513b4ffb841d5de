"""Reads returned letters from files, maildirs or the standard input, and marks those that came back."""

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from correspondence.bounces import Read, read_bounce

LARGEST = 10 * 2**20
"""A notification is small; of a longer message the first 10 MB are read."""


class Command(BaseCommand):
    """`read_bounces MAILDIR`, `read_bounces FILE ...`, or `read_bounces -` as a mail server's pipe."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the messages are."""
        parser.add_argument(
            "places",
            nargs="+",
            metavar="PLACE",
            help="A file with one message, a maildir, or - for the standard input.",
        )

    def handle(self, *args: Any, places: list[str], **options: Any) -> None:
        """Read everything; a maildir's new messages are marked as seen, so that they are read once."""
        wrong = [place for place in places if place != "-" and not Path(place).exists()]
        if wrong:
            raise CommandError(f"Nothing was read: there is no file or maildir {', '.join(wrong)}.")
        counts = Counter(read for place in places for read in self._read(place))
        total = sum(counts.values())
        said = ", ".join(f"{counts[read]} {read}" for read in Read if counts[read])
        self.stdout.write(f"{total} message{'' if total == 1 else 's'} read{f': {said}' if said else ''}.")

    def _read(self, place: str) -> Iterator[Read]:
        if place == "-":
            yield read_bounce(sys.stdin.buffer.read(LARGEST))
        elif not Path(place).is_dir():
            with Path(place).open("rb") as file:
                yield read_bounce(file.read(LARGEST))
        elif not (Path(place) / "new").is_dir():
            raise CommandError(f"{place} is a folder, but no maildir: it has no folder 'new'.")
        else:
            yield from _read_maildir(mailbox.Maildir(place, create=False))


def _read_maildir(box: "mailbox.Maildir") -> Iterator[Read]:
    for key in box.keys():  # noqa: SIM118 - a maildir is no dict: its iteration yields messages
        message = box.get_message(key)
        if message.get_subdir() == "new":
            yield read_bounce(box.get_bytes(key)[:LARGEST])
            message.set_subdir("cur")
            message.add_flag("S")
            box[key] = message
