"""An import held for a change: its district's lock first, then its row. And what ends with an import's staged rows."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from ledger.services import append_later
from resets.engine.followups import enqueue_rewrite
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import district_table
from transfers.imports.models import Import, IncomingStudent, MatchCandidate, StagedRow

OF_INCOMING = (MatchCandidate, StagedRow)
"""What belongs to an incoming student, and goes before them."""
DELETE = (
    "DELETE FROM {table} AS t USING {incoming} AS i WHERE t.incoming_id = i.id AND i.transfer_id = {transfer}{some}"
)
DELETE_PEOPLE = "DELETE FROM {incoming} AS i WHERE i.transfer_id = {transfer}{some}"


@contextmanager
def held_import(district: District, import_id: UUID | str) -> Iterator[Import]:
    """One import of the entered district in a transaction of its own, which nobody else changes until it ends.

    Raises:
        Import.DoesNotExist: the district has none such.
    """
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        yield Import.objects.select_for_update(of=("self",)).get(pk=import_id)


def destroy_staged(transfer: Import, keys: list[int] | None = None) -> dict[str, int]:
    """Delete what is staged for an import, in the caller's transaction; returns the rows by table.

    Args:
        keys: of incoming students; all of the import's when left out.
    """
    some = sql.SQL("") if keys is None else sql.SQL(" AND i.id = ANY({}::bigint[])").format(sql.Literal(keys))
    incoming = IncomingStudent._meta.db_table
    parts = {"incoming": district_table(incoming), "transfer": sql.Literal(str(transfer.pk)), "some": some}
    gone = {}
    with connection.cursor() as cursor:
        for model in OF_INCOMING:
            name = model._meta.db_table
            cursor.execute(sql.SQL(DELETE).format(table=district_table(name), **parts))
            gone[name] = int(cursor.rowcount)
        cursor.execute(sql.SQL(DELETE_PEOPLE).format(**parts))
        gone[incoming] = int(cursor.rowcount)
    return gone


def rewrite_after(district: District, transfer: Import, deleted: dict[str, int], at: dt.datetime) -> None:
    """Have the tables rewritten from which rows were deleted: erased means erased."""
    tables = [name for name, rows in deleted.items() if rows]
    enqueue_rewrite(district, f"transfer {transfer.pk} {at:%Y%m%d%H%M%S%f}", tables, at)


def source_of(transfer: Import) -> District | None:
    """The previous district; None when it was removed."""
    return District.objects.filter(pk=transfer.source_district_id, removed_at=None).first()


def tell_source(transfer: Import, kind: str, *, actor: str, at: dt.datetime, facts: dict[str, Any]) -> None:
    """Write it into the previous district's ledger too, by a worker: its lock is not ours to wait for."""
    source = source_of(transfer)
    if source is not None:
        append_later(source, kind, f"{kind} {transfer.pk} {at.isoformat()}", actor=actor, at=at, facts=facts)
