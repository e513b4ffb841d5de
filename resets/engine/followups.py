"""What is done after the commit, repeated until done: storage rewritten, files removed. An outbox of jobs.

A deleted row's bytes stay in the table's file until the file is rewritten: of 50,000 deleted rows all survived VACUUM.
"""

import datetime as dt
import random
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from resets.engine.errors import ResetError
from resets.engine.proof import Written
from resets.models import ResetRun
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job
from tenants.schema import current_schema

NUMBERS = """
SELECT relname, oid::bigint FROM pg_class
WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND relname = ANY(%s)
"""
NAME = """
SELECT relname FROM pg_class
WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND oid = %s AND relkind IN ('r', 'p')
"""
LOCK_TIMEOUT = "50ms"
"""Readers wait behind a rewrite that waits: no longer than this at a time."""
TRIES = 40
PAUSE_SECONDS = 0.5
HOLDERS = """
SELECT pid, coalesce(nullif(application_name, ''), backend_type), state, extract(epoch FROM now() - xact_start)::int
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
ORDER BY xact_start
"""
"""Sessions whose snapshot may still need a deleted row."""
STILL_THERE = re.compile(r"([1-9]\d*) dead row versions cannot be removed yet")


class StillReadError(ResetError):
    """Somebody still reads the table, or an old snapshot needs its deleted rows: it is rewritten later."""


def enqueue_followups(
    run: ResetRun, written: Mapping[str, Written], file_tables: list[str], due_at: dt.datetime
) -> None:
    """Ask for what a reset leaves to do, in its transaction: the tables in which it deleted rows are rewritten."""
    deleted = [table for table, rows in written.items() if rows.deleted]
    enqueue_rewrite(run.district, f"run {run.pk}", deleted, due_at)
    for table in file_tables:
        enqueue_file_removal(run.district, table, due_at)


def enqueue_rewrite(district: District, reason: str, tables: Iterable[str], due_at: dt.datetime) -> None:
    """Ask that tables of a district be rewritten, so that no deleted row survives in them; one job a table.

    It is done in a quiet hour of the district's night: nobody reads a table while it is rewritten. A job remembers the
    table by the database's own number: by the time of its hour a restore or another reset may have renamed a partition.
    """
    quiet_at = quiet_time(due_at, district.time_zone)
    wanted = sorted(set(tables))
    numbers = _numbers(wanted)
    for table in wanted:
        payload = {"table": table, "number": numbers.get(table)}
        enqueue_job(district, "rewrite_storage", f"{reason} {table}", due_at=quiet_at, payload=payload)


def _numbers(tables: list[str]) -> dict[str, int]:
    """The numbers of tables of the entered district."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, [current_schema(), tables])
        return dict(cursor.fetchall())


def _table_of(payload: Mapping[str, Any]) -> str | None:
    """What a job's table is called now; None when it is gone, and its storage with it."""
    with connection.cursor() as cursor:
        if payload.get("number") is None:  # asked for before tables were remembered by number
            cursor.execute(NUMBERS, [current_schema(), [payload["table"]]])
        else:
            cursor.execute(NAME, [current_schema(), payload["number"]])
        row = cursor.fetchone()
    return str(row[0]) if row else None


def quiet_time(at: dt.datetime, time_zone: str) -> dt.datetime:
    """The first moment from `at` on that is in the quiet hours (settings.QUIET_HOURS) of a zone; `at` without any."""
    if not settings.QUIET_HOURS:
        return at
    begin, end = settings.QUIET_HOURS
    today = clock.date_in(at, time_zone)
    if clock.local_start(today, begin, time_zone) <= at < clock.local_start(today, end, time_zone):
        return at
    first = clock.local_start(today, begin, time_zone)
    return first if at < first else clock.local_start(today + dt.timedelta(days=1), begin, time_zone)


def enqueue_file_removal(district: District, table: str, due_at: dt.datetime) -> None:
    """Ask that the files be removed whose names (column `file`) a table of the district holds, and then the table.

    Names are below the district's own folder of stored files, or whole ones in its drop folder.
    """
    enqueue_job(district, "remove_files", table, due_at=due_at, payload={"table": table})


def rewrite_storage(district: District, job: Job) -> None:
    """Rewrite one table of the entered district, whatever it is called by now; one that is gone needs none.

    Raises:
        StillReadError: an old snapshot kept rows; the job is tried again.
    """
    name = _table_of(job.payload)
    if name is None:
        return
    notices: list[str] = []
    parameters = {**connection.get_connection_params(), "autocommit": True, "cursor_factory": psycopg.Cursor}
    parameters.pop("context", None)
    with psycopg.connect(**parameters) as session:
        session.add_notice_handler(lambda notice: notices.append(f"{notice.message_primary} {notice.message_detail}"))
        session.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)))
        _rewrite_when_free(session, sql.Identifier(current_schema(), name))
        holders = session.execute(HOLDERS).fetchall()
    kept = STILL_THERE.search(" ".join(notices))
    if kept:
        told = "; ".join(f"session {pid} ({who}, {state}) since {age} s" for pid, who, state, age in holders)
        raise StillReadError(
            f"{kept.group(1)} deleted rows of {name} are still needed by an old snapshot: {told or 'it has gone'}"
        )


def _rewrite_when_free(session: "psycopg.Connection[Any]", table: sql.Identifier) -> None:
    for _ in range(TRIES):
        try:
            session.execute(sql.SQL("VACUUM (FULL, ANALYZE, VERBOSE) {}").format(table))
        except psycopg.errors.LockNotAvailable:
            time.sleep(PAUSE_SECONDS * (0.5 + random.random()))  # noqa: S311 - so that two rewrites do not stay in step
        else:
            return
    raise StillReadError("the table is being read; it is rewritten when nobody reads it")


def remove_files(district: District, job: Job) -> None:
    """Remove the files that a table of the entered district names, in the district's own folders; drop the table."""
    table = sql.Identifier(current_schema(), str(job.payload["table"]))
    root = (Path(settings.MEDIA_ROOT) / current_schema()).resolve()
    dropped = (Path(settings.DROP_ROOT) / district.slug).resolve()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table.as_string()])
        if cursor.fetchone() == (None,):
            return
        cursor.execute(sql.SQL("SELECT file FROM {}").format(table))
        while rows := cursor.fetchmany(1000):
            for (file,) in rows:
                path = (root / file).resolve()
                if path.is_relative_to(root) or path.is_relative_to(dropped):
                    path.unlink(missing_ok=True)
        cursor.execute(sql.SQL("DROP TABLE {}").format(table))
