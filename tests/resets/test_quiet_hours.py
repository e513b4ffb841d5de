"""Tables are rewritten in a quiet hour of the district's own night."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from resets.engine.followups import enqueue_rewrite, quiet_time
from tenants.clock import real_now
from tenants.models import District, Job
from tenants.schema import district_table, enter_district
from tests.support.jobs import do_jobs

UTC = dt.UTC


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (dt.datetime(2026, 7, 28, 5, 30, tzinfo=UTC), dt.datetime(2026, 7, 28, 6, tzinfo=UTC)),
        (dt.datetime(2026, 7, 28, 7, 30, tzinfo=UTC), dt.datetime(2026, 7, 28, 7, 30, tzinfo=UTC)),
        (dt.datetime(2026, 7, 28, 9, tzinfo=UTC), dt.datetime(2026, 7, 29, 6, tzinfo=UTC)),
        (dt.datetime(2026, 3, 7, 20, tzinfo=UTC), dt.datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ],
)
def test_the_next_quiet_hour_in_chicago(at: dt.datetime, quiet: dt.datetime, settings: Any) -> None:
    settings.QUIET_HOURS = (1, 4)
    assert quiet_time(at, "America/Chicago") == quiet


def test_without_quiet_hours_it_is_at_once(settings: Any) -> None:
    settings.QUIET_HOURS = None
    at = dt.datetime(2026, 7, 28, 9, tzinfo=UTC)
    assert quiet_time(at, "America/Chicago") == at


def file_of(name: str) -> int:
    """The number of the file that holds a table's rows: rewriting makes another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode(%s::regclass)", [district_table(name).as_string()])
        return int(cursor.fetchone()[0])


def rename(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(district_table(old), sql.Identifier(new)))


def test_a_table_that_was_renamed_before_its_hour_is_rewritten(committed_districts: Callable[..., District]) -> None:
    """A restored school splits a year: the archived partition, with the deleted rows in its file, has another name."""
    district = committed_districts("birch")
    old, new, other = "literacy_usage_2026", "literacy_usage_2026_archived", "literacy_progress_2026"
    with enter_district(district):
        enqueue_rewrite(district, "tested", [old], real_now())
        rename(old, new)
        rename(other, old)
        before = file_of(new), file_of(old)
        do_jobs(district, [Job.objects.get(kind="rewrite_storage")])
        assert (file_of(new) != before[0], file_of(old)) == (True, before[1])
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP TABLE {}").format(district_table(new)))
        do_jobs(district, [Job.objects.get(kind="rewrite_storage")])  # gone, and its storage with it
        assert file_of(old) == before[1]
