"""Publishing: what is in the ledger is written down outside of the database, with a signed head, after each commit.

The folder (LEDGER_DIR) is the witness against which the database is held: whoever edits, drops, reorders or truncates
entries in the database would have to forge signatures there as well. A publisher that dies, or a folder that cannot be
written to, holds nothing up: the tick publishes what is behind, and says so as long as it cannot.
"""

import json
import logging
from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import F
from django_tenants.utils import schema_context

from ledger.chain import BEGINNING, Entry, moment
from ledger.models import LedgerEntry, LedgerHead
from ledger.places import ENTRIES, HEADS, Head, add_lines, locked_folder, mended_last_line, signed_head
from tenants import clock
from tenants.errors import describe_error

log = logging.getLogger(__name__)

BATCH = 1000
BEHIND = 500
"""Districts that one tick catches up."""
MARK = """
UPDATE public.ledger_ledgerhead SET published = %(number)s WHERE district_id = %(district)s AND published < %(number)s
"""


class ForkError(Exception):
    """The database's ledger is not the continuation of what was published."""


def publish_after_commit(district_id: int) -> None:
    """Publish a district's ledger when the caller's transaction has committed. What goes wrong then holds nobody up."""
    transaction.on_commit(lambda: _try(district_id))


def publish(district_id: int) -> int:
    """Write what a district's folder lacks of its ledger, and sign the new head; returns how many entries.

    Raises:
        ForkError: the database does not go on where the folder ends; nothing was written.
        OSError: the folder cannot be written to.
    """
    with schema_context("public"), locked_folder(district_id) as folder:
        line = mended_last_line(folder / HEADS)
        head = Head(**json.loads(line)) if line else None
        number, digest = (head.number, head.digest) if head else (0, BEGINNING)
        _check_continues(district_id, number, digest)
        last = json.loads(mended_last_line(folder / ENTRIES) or b"{}").get("number", 0)
        written = 0
        for entries in _batches(district_id, number):
            add_lines(folder / ENTRIES, [entry.line for entry in entries if entry.number > last])
            newest = entries[-1]
            at = moment(clock.now())
            add_lines(folder / HEADS, [signed_head(district_id, newest.number, newest.digest, at).line])
            number, written = newest.number, written + len(entries)
        with connection.cursor() as cursor:
            cursor.execute(MARK, {"district": district_id, "number": number})
    return written


def publish_what_is_behind() -> int:
    """The tick's part: publish for every district whose newest entries are not. Adds no job."""
    behind = LedgerHead.objects.filter(published__lt=F("number")).order_by("district_id")
    for district_id in behind.values_list("district_id", flat=True)[:BEHIND]:
        _try(district_id)
    return 0


def entry_of(row: LedgerEntry) -> Entry:
    """An entry of the database as it is chained and published."""
    return Entry(row.district_id, row.number, row.kind, row.actor, moment(row.at), row.facts, row.previous, row.digest)


def _check_continues(district_id: int, number: int, digest: str) -> None:
    """The entry that was published last is still in the database, as it was."""
    if not number:
        return
    found = LedgerEntry.objects.filter(district_id=district_id, number=number).values_list("digest", flat=True).first()
    if found != digest:
        lost = "it is gone" if found is None else "it is another one"
        raise ForkError(
            f"entry {number} of district {district_id} was published, and in the database {lost}: "
            "run `manage.py verify_ledger`; after a restore from a backup, `manage.py replay_dispositions`"
        )


def _batches(district_id: int, after: int) -> Iterator[list[Entry]]:
    while True:
        rows = LedgerEntry.objects.filter(district_id=district_id, number__gt=after).order_by("number")[:BATCH]
        if not (entries := [entry_of(row) for row in rows]):
            return
        yield entries
        after = entries[-1].number


def _try(district_id: int) -> None:
    try:
        publish(district_id)
    except Exception as error:  # whatever it is, the ledger itself is committed, and the tick tries again
        log.error("the ledger of district %s is not published: %s", district_id, describe_error(error))
