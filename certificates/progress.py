"""What has become of a disposition since its ledger entry: storage rewritten, searched, undone, backups aged out."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection

from certificates.stages import Stage

CERTIFIED: Final = ("reset", "postponed", "anonymization", "destruction")
"""The kinds of ledger entries that get a certificate."""

DUE: Final = """
WITH entries AS (
    SELECT e.* FROM public.ledger_ledgerentry AS e
    WHERE e.kind = ANY(%(kinds)s) AND NOT EXISTS (
        SELECT FROM public.certificates_certificate AS c
        WHERE c.district_id = e.district_id AND c.ledger_number = e.number)
    UNION
    SELECT e.* FROM public.certificates_certificate AS c
    JOIN public.ledger_ledgerentry AS e ON e.district_id = c.district_id AND e.number = c.ledger_number
    WHERE c.stage <> 'final'
    UNION
    SELECT e.* FROM public.ledger_ledgerentry AS r
    JOIN public.ledger_ledgerentry AS e ON e.district_id = r.district_id AND e.kind = 'reset' AND e.number < r.number
        AND e.facts -> 'suite' = r.facts -> 'suite' AND e.facts -> 'school_year' = r.facts -> 'school_year'
    WHERE r.kind = 'restore'
), seen AS (
    SELECT e.id AS entry_id, e.district_id, e.number, e.at, c.progress, c.stage, c.backups_until,
           d.removed_at IS NOT NULL AS removed, d.time_zone, jobs.total, jobs.done, jobs.failed, undone.numbers,
           CASE WHEN s.id IS NULL THEN 'none' WHEN s.finished_at IS NULL THEN 'waiting' WHEN s.hits = '{}' THEN 'clean'
                WHEN i.closed_at IS NULL THEN 'found' ELSE 'closed' END AS search
    FROM entries AS e
    LEFT JOIN public.tenants_district AS d ON d.id = e.district_id
    LEFT JOIN public.sweeps_sweep AS s ON s.district_id = e.district_id AND s.ledger_number = e.number
    LEFT JOIN public.sweeps_incident AS i ON i.sweep_id = s.id
    LEFT JOIN public.certificates_certificate AS c ON c.district_id = e.district_id AND c.ledger_number = e.number
        AND NOT EXISTS (SELECT FROM public.certificates_certificate AS n WHERE n.supersedes_id = c.id)
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS total,
               count(*) FILTER (WHERE j.state = 'done' OR later.done)::int AS done,
               count(*) FILTER (WHERE j.state = 'failed' AND NOT later.done)::int AS failed
        FROM public.tenants_job AS j
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                SELECT FROM public.tenants_job AS o
                WHERE o.district_id = j.district_id AND o.kind = j.kind AND o.state = 'done'
                  AND o.payload -> 'table' = j.payload -> 'table' AND o.created_at > j.created_at) AS done
        ) AS later
        WHERE j.district_id = e.district_id AND j.kind = 'rewrite_storage'
          AND starts_with(j.key, (e.facts ->> 'rewrite') || ' ')
    ) AS jobs
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(r.number ORDER BY r.number), '{}') AS numbers
        FROM public.ledger_ledgerentry AS r
        WHERE r.district_id = e.district_id AND r.kind = 'restore' AND e.kind = 'reset' AND r.number > e.number
          AND r.facts -> 'suite' = e.facts -> 'suite' AND r.facts -> 'school_year' = e.facts -> 'school_year'
          AND NOT EXISTS (
              SELECT FROM public.ledger_ledgerentry AS again
              WHERE again.district_id = e.district_id AND again.kind = 'reset' AND again.number > e.number
                AND again.number < r.number AND again.facts -> 'suite' = e.facts -> 'suite'
                AND again.facts -> 'school_year' = e.facts -> 'school_year')
    ) AS undone
)
SELECT entry_id, stage, progress, removed, total, done, failed, numbers, search,
       coalesce((%(now)s AT TIME ZONE time_zone)::date > backups_until, false) AS aged_out
FROM seen
ORDER BY at, entry_id
"""
"""Entries that may need a certificate or a new version.

A district's schema that is dropped takes its files with it, so the storage of a removed district is gone. A rewrite
that failed counts as done when a later one of the same table was. A search whose hits a person has looked into (its
incident is closed) is over. A restore belongs to the last reset of its suite and school year before it.
"""


@dataclass(frozen=True)
class Progress:
    """What has become of one ledger entry's disposition.

    Attributes:
        tables: how many tables are to be rewritten.
        rewritten: how many of them have been.
        failed: how many could not be, until somebody mends it.
        removed: whether the district's whole schema was dropped, with its files.
        undone: the numbers of the restores that followed a reset.
        search: none (nobody asked for one), waiting, clean, found (an incident is open), or closed (looked into).
        aged_out: whether the date on which the last backup ages out is over.
    """

    tables: int
    rewritten: int
    failed: int
    removed: bool
    undone: tuple[int, ...]
    search: str = "none"
    aged_out: bool = False

    @property
    def is_rewritten(self) -> bool:
        """Whether no deleted row is left in a file of the database."""
        return self.removed or self.rewritten == self.tables

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        if not self.is_rewritten:
            return Stage.ROWS_DELETED
        if self.search == "found" or (self.search == "waiting" and not self.removed):
            return Stage.STORAGE_REWRITTEN
        if self.aged_out:
            return Stage.FINAL
        return Stage.SEARCHED if self.search in ("clean", "closed") else Stage.STORAGE_REWRITTEN

    def as_text(self) -> str:
        """What a version knows of it: another text asks for another version. Not every rewritten table is news."""
        storage = "done" if self.is_rewritten else f"failed {self.failed}" if self.failed else "waiting"
        return f"storage {storage}; search {self.search}; undone {' '.join(map(str, self.undone)) or 'no'}"


@dataclass(frozen=True)
class Watched:
    """An entry that may need a certificate, what its newest version says (empty without one), and what is true now."""

    entry_id: int
    stage: str
    said: str
    progress: Progress

    @property
    def is_due(self) -> bool:
        """Whether a version is to be issued."""
        if not self.stage or self.said != self.progress.as_text():
            return True
        return self.progress.stage.rank > Stage(self.stage).rank


def watched_entries(now: dt.datetime) -> list[Watched]:
    """Every entry without a certificate, or whose certificate may still change, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"kinds": list(CERTIFIED), "now": now})
        rows = cursor.fetchall()
    return [_watched(*row) for row in rows]


def _watched(
    entry_id: int, stage: str | None, said: str | None, removed: bool, total: int, done: int, failed: int,
    numbers: list[int], search: str, aged_out: bool,
) -> Watched:  # fmt: skip
    progress = Progress(total, done, failed, removed, tuple(numbers), search, aged_out)
    return Watched(entry_id, stage or "", said or "", progress)
