"""An import held for a change: its district's lock first, then its row. And what ends with an import's staged rows."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from ledger.services import append_later
from products.registry import data_maps
from resets.engine.followups import enqueue_rewrite
from resets.engine.proof import Done
from rostering.models import MergeUndo
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import district_table
from transfers.imports.models import Import, IncomingStudent, MatchCandidate, StagedRow

OF_INCOMING = (MatchCandidate, StagedRow)
"""What belongs to an incoming student, and goes before them."""
DELETE = (
    "DELETE FROM {table} AS t USING {incoming} AS i WHERE t.incoming_id = i.id AND i.transfer_id = {transfer}{some}"
)
MERGES = MergeUndo._meta.db_table
FORGET = """
UPDATE {table} AS u SET aside = (
    SELECT coalesce(jsonb_agg(e), '[]') FROM jsonb_array_elements(u.aside) AS e
    WHERE NOT EXISTS (SELECT FROM {incoming} AS i
                      WHERE i.id = (e ->> 'incoming_id')::bigint AND i.transfer_id = {transfer}{some}))
WHERE u.relation = {candidate} AND EXISTS (
    SELECT FROM jsonb_array_elements(u.aside) AS e
    JOIN {incoming} AS i ON i.id = (e ->> 'incoming_id')::bigint AND i.transfer_id = {transfer}{some})
"""
"""A merge of two records that were both candidates has put one aside: it must not come back without its student."""
DELETE_PEOPLE = "DELETE FROM {table} AS i WHERE i.transfer_id = {transfer}{some}"


@contextmanager
def held_import(district: District, import_id: UUID | str) -> Iterator[Import]:
    """One import of the entered district in a transaction of its own, which nobody else changes until it ends.

    Raises:
        Import.DoesNotExist: the district has none such.
    """
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        yield Import.objects.select_for_update(of=("self",)).get(pk=import_id)


def destroy_staged(transfer: Import, keys: list[int] | None = None) -> Done:
    """Delete what is staged for an import, in the caller's transaction; returns what was done.

    Args:
        keys: of incoming students; all of the import's when left out.
    """
    some = sql.SQL("") if keys is None else sql.SQL(" AND i.id = ANY({}::bigint[])").format(sql.Literal(keys))
    parts = {
        "incoming": district_table(IncomingStudent._meta.db_table),
        "candidate": sql.Literal(MatchCandidate._meta.db_table),
        "transfer": sql.Literal(str(transfer.pk)),
        "some": some,
    }
    done = Done()
    done.add(MERGES, updated=_run(FORGET, MERGES, parts))
    for model in OF_INCOMING:
        done.add(model._meta.db_table, deleted=_run(DELETE, model._meta.db_table, parts))
    done.add(IncomingStudent._meta.db_table, deleted=_run(DELETE_PEOPLE, IncomingStudent._meta.db_table, parts))
    return done


def rewrite_after(district: District, transfer: Import, done: Done, at: dt.datetime) -> None:
    """Have the tables rewritten in which rows with names or scores on their way are no more: erased means erased."""
    rewrite_named(district, f"transfer {transfer.pk} {at:%Y%m%d%H%M%S%f}", done, at)


def rewrite_named(district: District, reason: str, done: Done, at: dt.datetime) -> None:
    """The same under a reason of one's own. Facts and what goes by keys alone need no rewriting."""
    names = {table.name for suite in data_maps() for table in suite.tables if table.personal}
    names.add(StagedRow._meta.db_table)
    tables = [name for name, rows in done.items() if name in names and (rows.deleted or rows.updated)]
    enqueue_rewrite(district, reason, tables, at)


def _run(template: str, table: str, parts: dict[str, sql.Composable]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(template).format(table=district_table(table), **parts))
        return int(cursor.rowcount)


def source_of(transfer: Import) -> District | None:
    """The previous district; None when it was removed."""
    return District.objects.filter(pk=transfer.source_district_id, removed_at=None).first()


def tell_source(transfer: Import, kind: str, *, actor: str, at: dt.datetime, facts: dict[str, Any]) -> None:
    """Write it into the previous district's ledger too, by a worker: its lock is not ours to wait for."""
    source = source_of(transfer)
    if source is not None:
        append_later(source, kind, f"{kind} {transfer.pk} {at.isoformat()}", actor=actor, at=at, facts=facts)
