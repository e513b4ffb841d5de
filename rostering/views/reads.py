"""What the roster pages read."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django_tenants.utils import schema_context

from rostering.models import (
    EducatorIdentity,
    HeldRemoval,
    School,
    StudentIdentity,
    Sync,
    SyncError,
    SyncPause,
    SyncState,
)
from rostering.uploads import KIND
from tenants.models import District, Job, JobState

HISTORY_PAGE = 25
ERRORS_PAGE = 50
PEOPLE_PAGE = 50
RECEIVED = (SyncState.APPLIED, SyncState.PARTLY_HELD, SyncState.UNCHANGED)


@dataclass(frozen=True)
class HeldPerson:
    """Somebody whose removal is held back, by name."""

    kind: str
    name: str
    number: str
    school: str


@dataclass(frozen=True)
class HeldSchool:
    """How many people of one school would leave."""

    name: str
    students: int
    educators: int


def syncs_before(sync_id: uuid.UUID | None) -> tuple[list[Sync], uuid.UUID | None]:
    """A page of the history, newest first, that begins after a sync; and the key of its last one if more follow."""
    syncs = Sync.objects.all()
    last = Sync.objects.filter(pk=sync_id).values_list("started_at", "id").first() if sync_id else None
    if last:
        syncs = syncs.filter(Q(started_at__lt=last[0]) | Q(started_at=last[0], id__lt=last[1]))
    found = list(syncs[: HISTORY_PAGE + 1])
    return found[:HISTORY_PAGE], found[HISTORY_PAGE - 1].pk if len(found) > HISTORY_PAGE else None


def last_import_received() -> Sync | None:
    """The last import file that was received and applied, or equalled the one before: not a dry run."""
    return Sync.objects.filter(state__in=RECEIVED, dry_run=False).first()


def open_pauses() -> list[SyncPause]:
    """The pauses of the nightly syncs that have not ended."""
    return list(SyncPause.objects.filter(resumed_at=None).order_by("paused_on", "suite"))


def next_nightly_on(district: District, as_of: dt.date) -> dt.date | None:
    """The day of the next nightly sync at the latest; None while they are off."""
    return as_of + dt.timedelta(days=1) if district.nightly_sync else None


def open_upload(district: District) -> Job | None:
    """The import of an upload that waits or runs, the oldest first."""
    with schema_context("public"):
        return (
            Job.objects.filter(district=district, kind=KIND, state__in=[JobState.WAITING, JobState.RUNNING])
            .order_by("created_at")
            .first()
        )


def upload_named(district: District, key: uuid.UUID) -> Job | None:
    """A district's upload by its key."""
    with schema_context("public"):
        return Job.objects.filter(district=district, kind=KIND, key=str(key)).first()


def errors_after(sync: Sync, error_id: int) -> tuple[list[SyncError], int | None]:
    """A page of a sync's errors after one, and the key of its last one if more follow."""
    found = list(SyncError.objects.filter(sync=sync, id__gt=error_id).order_by("id")[: ERRORS_PAGE + 1])
    return found[:ERRORS_PAGE], found[ERRORS_PAGE - 1].pk if len(found) > ERRORS_PAGE else None


def held_open(sync: Sync) -> list[HeldSchool]:
    """The removals of a sync that still wait for a release, counted per school."""
    rows = (
        HeldRemoval.objects.filter(sync=sync, released_at=None, lapsed_at=None)
        .values("school_id", "kind")
        .annotate(people=Count("id"))
    )
    counts = Counter({(row["school_id"], row["kind"]): row["people"] for row in rows})
    names = _names_of({key for key, _ in counts if key})
    schools = sorted({key for key, _ in counts}, key=lambda key: (key is None, names.get(key or 0, "")))
    return [
        HeldSchool(names.get(key or 0, "No school"), counts[(key, "student")], counts[(key, "educator")])
        for key in schools
    ]


def held_people(sync: Sync, after: int) -> tuple[list[HeldPerson], int | None]:
    """A page of the people whose removal is held back, with their names; and the key of its last if more follow."""
    removals = HeldRemoval.objects.filter(sync=sync, released_at=None, lapsed_at=None, id__gt=after).order_by("id")
    found = list(removals[: PEOPLE_PAGE + 1])
    shown = found[:PEOPLE_PAGE]
    students = StudentIdentity.objects.in_bulk(_keys(shown, "student"))
    educators = EducatorIdentity.objects.in_bulk(_keys(shown, "educator"))
    schools = dict(
        School.objects.filter(pk__in={row.school_id for row in shown if row.school_id}).values_list("id", "name")
    )
    people = []
    for row in shown:
        student = students.get(row.person_id) if row.kind == "student" else None
        educator = educators.get(row.person_id) if row.kind == "educator" else None
        who = student or educator
        people.append(
            HeldPerson(
                kind=row.kind.capitalize(),
                name=f"{who.family_name}, {who.given_name}" if who else "Name no longer kept",
                number=student.student_number if student else educator.staff_number if educator else "",
                school=schools.get(row.school_id or 0, "No school"),
            )
        )
    return people, shown[-1].pk if len(found) > PEOPLE_PAGE else None


def _keys(rows: Iterable[HeldRemoval], kind: str) -> list[int]:
    return [row.person_id for row in rows if row.kind == kind]


def _names_of(schools: set[int]) -> dict[int, str]:
    return dict(School.objects.filter(pk__in=schools).values_list("id", "name"))
