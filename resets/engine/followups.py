"""What is done after the commit, repeated until done: storage rewritten, files removed. An outbox of jobs.

A deleted row's bytes stay in the table's file until the file is rewritten: of 50,000 deleted rows all survived VACUUM.
"""

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from products.partitions import partition_name
from resets.engine.errors import ResetError
from resets.engine.plan import Plan, Work
from resets.models import ResetRun
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job
from tenants.schema import current_schema

LOCK_TIMEOUT = "2s"
STILL_THERE = re.compile(r"([1-9]\d*) dead row versions cannot be removed yet")


class StillReadError(ResetError):
    """Somebody's old snapshot still needs the deleted rows: the table must be rewritten again later."""


def enqueue_followups(run: ResetRun, plan: Plan, file_tables: list[str], due_at: dt.datetime) -> None:
    """Ask for what a reset leaves to do, in its transaction."""
    enqueue_rewrite(run.district, f"run {run.pk}", _tables_with_dead_rows(plan), due_at)
    for table in file_tables:
        enqueue_file_removal(run.district, table, due_at)


def enqueue_rewrite(district: District, reason: str, tables: Iterable[str], due_at: dt.datetime) -> None:
    """Ask that tables of a district be rewritten, so that no deleted row survives in them; one job a table."""
    for table in sorted(set(tables)):
        enqueue_job(district, "rewrite_storage", f"{reason} {table}", due_at=due_at, payload={"table": table})


def enqueue_file_removal(district: District, table: str, due_at: dt.datetime) -> None:
    """Ask that the files be removed whose names (column `file`) a table of the district holds, and then the table."""
    enqueue_job(district, "remove_files", table, due_at=due_at, payload={"table": table})


def _tables_with_dead_rows(plan: Plan) -> list[str]:
    """Tables in which the plan deletes or changes rows; of facts the partitions that stay."""
    tables = []
    for part in plan.doing(Work.SET, Work.UNASSIGN, Work.DELETE):
        if not part.table.fact:
            tables.append(part.relation)
            continue
        years = plan.ground.archive_years if part.in_archive else plan.ground.live_years
        tables += [partition_name(part.table.name, year) for year in years.get(part.table.name, ())]
    return tables


def rewrite_storage(district: District, job: Job) -> None:
    """Rewrite one table of the entered district; a table that is gone needs none.

    Raises:
        StillReadError: an old snapshot kept rows; the job is tried again.
    """
    schema, name = current_schema(), str(job.payload["table"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [sql.Identifier(schema, name).as_string()])
        if cursor.fetchone() == (None,):
            return
    notices: list[str] = []
    parameters = {**connection.get_connection_params(), "autocommit": True, "cursor_factory": psycopg.Cursor}
    parameters.pop("context", None)
    with psycopg.connect(**parameters) as session:
        session.add_notice_handler(lambda notice: notices.append(f"{notice.message_primary} {notice.message_detail}"))
        session.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)))
        session.execute(sql.SQL("VACUUM (FULL, ANALYZE, VERBOSE) {}").format(sql.Identifier(schema, name)))
    kept = STILL_THERE.search(" ".join(notices))
    if kept:
        raise StillReadError(f"{kept.group(1)} deleted rows of {name} are still needed by an old snapshot")


def remove_files(district: District, job: Job) -> None:
    """Remove the files that a table of the entered district names, below the district's own folder; drop the table."""
    table = sql.Identifier(current_schema(), str(job.payload["table"]))
    root = (Path(settings.MEDIA_ROOT) / current_schema()).resolve()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table.as_string()])
        if cursor.fetchone() == (None,):
            return
        cursor.execute(sql.SQL("SELECT file FROM {}").format(table))
        while rows := cursor.fetchmany(1000):
            for (file,) in rows:
                path = (root / file).resolve()
                if path.is_relative_to(root):
                    path.unlink(missing_ok=True)
        cursor.execute(sql.SQL("DROP TABLE {}").format(table))
