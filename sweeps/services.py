"""After a destruction: keep a sample of what must be gone, search everything for it, tell, and forget the sample."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from ledger.models import LedgerEntry
from ledger.services import append_entry
from rostering.services.nightly import drop_folder
from sweeps.errors import IncidentError, SweepWaitsError
from sweeps.finder import Finder
from sweeps.models import Incident, Outcome, Sweep
from sweeps.places import search_broker, search_drop_folder, search_files, search_logs
from sweeps.samples import forget_who_came_back, read_samples, write_samples
from sweeps.sealed import search_sealed
from sweeps.tables import Found, search_schema
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District, Job, JobState
from tenants.schema import current_schema

KIND = "sweep"
CLOSED = "incident_closed"
"""The ledger's kind of entry."""


@dataclass(frozen=True)
class Samples:
    """Samples that were kept: their token, of how many people, how many there are."""

    token: UUID
    people: int
    count: int

    @property
    def table(self) -> str:
        """The district's table that holds them until the search is over."""
        return table_of(self.token)


def keep_samples(students: sql.Composable, people: sql.Composable | None = None) -> Samples:
    """Keep values that identify the students, to be searched for when they are gone; in the destructive transaction.

    Called in the entered district, before the rows go. It writes one new table of the district and nothing else, so
    that the verification of what was written counts it as the destruction's own.

    Args:
        students: a query of the ids of the students concerned.
        people: where their identities stand, if not on the roster; see `write_samples`.
    """
    token = uuid4()
    sampled, count = write_samples(current_schema(), table_of(token), students, token.hex, people)
    return Samples(token, sampled, count)


def ask_sweep(district: District, samples: Samples, *, what: str, ledger_number: int, at: dt.datetime) -> None:
    """Ask for the search that follows a ledger entry, in its transaction, when the entry is appended.

    Args:
        what: the kind of the entry.
    """
    sweep = Sweep.objects.create(
        pk=samples.token,
        district=district,
        ledger_number=ledger_number,
        what=what,
        asked_at=at,
        people=samples.people,
        samples=samples.count,
    )
    enqueue_job(district, KIND, f"entry {ledger_number}", due_at=at, payload={"sweep": str(sweep.pk)})


def table_of(token: UUID) -> str:
    """The table of a search's samples."""
    return f"sample_{token.hex}"


def run_sweep(district: District, job: Job) -> None:
    """Search after the storage was rewritten; done twice it does nothing more.

    Raises:
        SweepWaitsError: the storage is not rewritten yet, or files are not removed yet.
    """
    sweep = Sweep.objects.get(pk=str(job.payload["sweep"]))
    name = table_of(sweep.pk)
    table = sql.Identifier(current_schema(), name)
    if sweep.finished_at is None and _exists(table):
        _check_rewritten(district, sweep)
        started = clock.now()
        forget_who_came_back(current_schema(), name)
        found = Found()
        finder = Finder(read_samples(current_schema(), name))
        search_schema(current_schema(), finder, found, without=name)
        search_schema("public", finder, found)
        search_elsewhere(district, finder, found)
        search_drop_folder(drop_folder(district), finder, found)
        search_sealed(district, sweep, found)
        finish_sweep(sweep, found, started)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))


def search_elsewhere(district: District, finder: Finder, found: Found) -> None:
    """Search what is no table: the broker and the cache, files and logs.

    Folders of other districts are theirs, like their tables: what they have of a student is their own copy.
    """
    others = District.objects.filter(removed_at=None).exclude(pk=district.pk).values_list("schema_name", flat=True)
    search_broker(finder, found)
    search_files(Path(settings.MEDIA_ROOT), finder, found, "files", without=frozenset(others))
    search_logs(finder, found)


def finish_sweep(sweep: Sweep, found: Found, started: dt.datetime) -> None:
    """Record what was searched and found; whatever was found opens an incident, in the same transaction."""
    hits = {place: count for place, count in sorted(found.hits.items()) if count}
    with transaction.atomic():
        kept = Sweep.objects.select_for_update().get(pk=sweep.pk)
        if kept.finished_at is not None:
            return
        kept.started_at, kept.finished_at = started, clock.now()
        kept.columns, kept.rows, kept.keys = found.columns, found.rows, found.keys
        kept.files, kept.bytes = found.files, found.bytes
        kept.unreached, kept.hits = sorted(set(found.unreached)), hits
        kept.save()
        if hits:
            Incident.objects.create(sweep=kept, district_id=kept.district_id, opened_at=kept.finished_at)


def close_incident(incident: Incident, *, outcome: str, actor: str, reason: str, at: dt.datetime) -> None:
    """Close an incident that a person has looked at, with an entry in the district's ledger.

    Args:
        outcome: what it was, an `Outcome`; the ledger says it.
        reason: the same in a person's words, which stay with the incident.

    Raises:
        IncidentError: no reason is given, or it was closed before.
    """
    if outcome not in Outcome.values:
        raise IncidentError("Choose what it was.")
    if not reason.strip():
        raise IncidentError("Say what was found and what was done about it: the reason is kept.")
    with transaction.atomic():
        take_lock(Lock.DISTRICT, incident.district_id)
        kept = Incident.objects.select_for_update(of=("self",)).select_related("sweep").get(pk=incident.pk)
        if kept.closed_at is not None:
            raise IncidentError("This incident was closed before.")
        facts = {
            "incident": kept.pk, "sweep": str(kept.sweep_id), "entry": kept.sweep.ledger_number, "outcome": outcome,
            "found": sum(kept.sweep.hits.values()),
        }  # fmt: skip
        kept.ledger_number = append_entry(kept.district_id, CLOSED, actor=actor, at=at, facts=facts)
        kept.closed_at, kept.closed_by, kept.closed_reason, kept.outcome = at, actor, reason.strip(), outcome
        kept.save()


def _check_rewritten(district: District, sweep: Sweep) -> None:
    """The rewrites of the entry are those whose keys begin with what its facts say."""
    entry = LedgerEntry.objects.filter(district_id=district.pk, number=sweep.ledger_number).first()
    prefix = str(entry.facts.get("rewrite", "")) if entry else ""
    waiting = Job.objects.filter(district=district, kind="rewrite_storage", key__startswith=f"{prefix} ")
    if prefix and waiting.exclude(state=JobState.DONE).exists():
        raise SweepWaitsError("the storage is not rewritten yet: the search comes after it")
    files = Job.objects.filter(district=district, kind="remove_files").exclude(
        state__in=(JobState.DONE, JobState.FAILED)
    )
    for name in files.values_list("payload__table", flat=True):
        if _exists(sql.Identifier(current_schema(), name)):
            raise SweepWaitsError("files are not removed yet: the search comes after it")


def _exists(table: sql.Identifier) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table.as_string()])
        return bool(cursor.fetchone()[0])
