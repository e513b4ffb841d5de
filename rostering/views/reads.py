"""What the roster pages read beyond rostering.selectors: uploads under way, and who is held back, by name."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rostering.models import EducatorIdentity, HeldRemoval, School, StudentIdentity, Sync
from rostering.provider.jobs import KIND as PULL
from rostering.selectors import held_by_school, held_removals
from rostering.uploads import KIND
from tenants.models import District, Job, JobState

PEOPLE_PAGE = 50
NO_SCHOOL = "No school"


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


def open_upload(district: District) -> Job | None:
    """The import of an upload that waits or runs, the oldest first."""
    waiting = Job.objects.filter(district=district, kind=KIND, state__in=[JobState.WAITING, JobState.RUNNING])
    return waiting.order_by("created_at").first()


def upload_named(district: District, key: uuid.UUID) -> Job | None:
    """A district's upload by its key, or the pull that somebody asked for."""
    return Job.objects.filter(district=district, kind__in=[KIND, PULL], key=str(key)).first()


def held_schools(sync: Sync, school_id: int | None = None) -> list[HeldSchool]:
    """The removals of a sync that still wait for a release, counted per school; of one school if its key is given."""
    counts: dict[tuple[int | None, str], dict[str, int]] = defaultdict(dict)
    for row in held_by_school(sync.pk):
        if school_id in (None, row["school_id"]):
            counts[row["school_id"], row["school"] or NO_SCHOOL][row["kind"]] = row["count"]
    schools = sorted(counts.items(), key=lambda item: (item[0][0] is None, item[0][1]))
    return [HeldSchool(name, kinds.get("student", 0), kinds.get("educator", 0)) for (_, name), kinds in schools]


def held_people(sync: Sync, after: int) -> tuple[list[HeldPerson], int | None]:
    """A page of the people whose removal is held back, with their names; and the key of its last if more follow."""
    found = list(held_removals(sync.pk).filter(id__gt=after).order_by("id")[: PEOPLE_PAGE + 1])
    shown = found[:PEOPLE_PAGE]
    students = StudentIdentity.objects.in_bulk(_keys(shown, "student"))
    educators = EducatorIdentity.objects.in_bulk(_keys(shown, "educator"))
    schools = School.objects.in_bulk({row.school_id for row in shown if row.school_id})
    people = []
    for row in shown:
        student = students.get(row.person_id) if row.kind == "student" else None
        educator = educators.get(row.person_id) if row.kind == "educator" else None
        who, school = student or educator, schools.get(row.school_id or 0)
        people.append(
            HeldPerson(
                kind=row.kind.capitalize(),
                name=f"{who.family_name}, {who.given_name}" if who else "Name no longer kept",
                number=student.student_number if student else educator.staff_number if educator else "",
                school=school.name if school else NO_SCHOOL,
            )
        )
    return people, shown[-1].pk if len(found) > PEOPLE_PAGE else None


def _keys(rows: Iterable[HeldRemoval], kind: str) -> list[int]:
    return [row.person_id for row in rows if row.kind == kind]
