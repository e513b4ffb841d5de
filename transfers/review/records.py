"""Records of this site beside an incoming student: who they are, and how likely they are the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from rostering.models import Student, StudentGuardian, StudentIdentity
from transfers.imports.models import IncomingStudent, MatchCandidate
from transfers.matching.doubts import POSSIBLE, SURE
from transfers.review.finding import students_within

MARKS: Final = {
    "same": ("✓", "the same"),
    "partly": ("≈", "partly the same"),
    "different": ("≠", "different"),
    "unknown": ("?", "not known"),
    "note": ("⚑", "to look at"),
}


@dataclass(frozen=True)
class EvidenceLine:
    """One field of the evidence: what the two records say, and what that means, by mark and word and not by colour."""

    field: str
    verdict: str
    words: str

    @property
    def mark(self) -> str:
        """The sign in front of the verdict."""
        return MARKS[self.verdict][0]

    @property
    def says(self) -> str:
        """The verdict in words."""
        return MARKS[self.verdict][1]


@dataclass(frozen=True)
class Choice:
    """A record that a reviewer may check.

    Attributes:
        likely: how likely it is the same student, in words; empty for one that the analysis did not find.
        holder: the other student of the transfer who is matched to it.
    """

    student: Student
    likely: str = ""
    evidence: tuple[EvidenceLine, ...] = ()
    holder: IncomingStudent | None = None


def records_within(incoming: IncomingStudent, school_id: int | None) -> QuerySet[Student]:
    """The records of this site that a reviewer may match an incoming student to, and look at.

    A district admin sees every one. A school admin sees those of the own school, and beyond it only whom the analysis
    itself found for this student: to tell whether a child is known here, the name and birth date of the likely ones are
    needed, and nobody else's of another school. Whoever is still missing is for a district admin to match.
    """
    records = students_within(None)
    if school_id is not None:
        found = MatchCandidate.objects.filter(incoming=incoming).values("student_id")
        records = records.filter(Q(school_id=school_id) | Q(pk__in=found))
    return records


def choices_of(incoming: IncomingStudent, match: Student | None, found: Sequence[Student]) -> list[Choice]:
    """The records to choose among, each once: the match, those of the analysis, the likeliest first, those found.

    Args:
        match: the record that the student is matched to now.
        found: what the reviewer's search found.
    """
    candidates = MatchCandidate.objects.filter(incoming=incoming, student__identity__isnull=False)
    told = {one.student_id: one for one in candidates.select_related("student__identity", "student__school")}
    records = {one.pk: one for one in ([match] if match else [])}
    records |= {key: one.student for key, one in told.items() if key not in records}
    records |= {one.pk: one for one in found if one.pk not in records}
    holding = holders(incoming, records)
    return [_choice(record, told.get(key), holding.get(key)) for key, record in records.items()]


def _choice(record: Student, told: MatchCandidate | None, holder: IncomingStudent | None) -> Choice:
    if told is None:
        return Choice(record, holder=holder)
    return Choice(record, likelihood(told.probability), tuple(_evidence(told.evidence)), holder)


def holders(incoming: IncomingStudent, records: Iterable[int]) -> dict[int, IncomingStudent]:
    """Which other students of the transfer are matched to some records: never two onto one."""
    others = IncomingStudent.objects.filter(transfer_id=incoming.transfer_id, match_key__in=list(records))
    return {one.match_key: one for one in others.exclude(pk=incoming.pk) if one.match_key is not None}


def state_id_owner(incoming: IncomingStudent) -> StudentIdentity | None:
    """Whose record here has an incoming student's state ID, when it is not the one that they are matched to.

    As long as it is so, the student cannot be imported: two children would have one state ID.
    """
    if not incoming.state_id:
        return None
    return StudentIdentity.objects.filter(state_id=incoming.state_id).exclude(pk=incoming.match_key or 0).first()


def likelihood(probability: float) -> str:
    """How likely two records are one child's, in words and a number.

    >>> likelihood(0.9999), likelihood(0.6), likelihood(0.01)
    ('Almost certainly the same student (more than 99 %)', 'Probably the same student (60 %)', 'Unlikely (1 %)')
    """
    percent = "more than 99 %" if probability > SURE else f"{max(1, round(100 * probability))} %"
    for least, words in LIKELY:
        if probability >= least:
            return f"{words} ({percent})"
    return f"Unlikely ({percent})"


LIKELY: Final = (
    (SURE, "Almost certainly the same student"),
    (0.5, "Probably the same student"),
    (POSSIBLE, "Possibly the same student"),
)


def guardians_of(student: Student) -> list[dict[str, str]]:
    """A record's guardians, as an incoming student's are kept."""
    links = StudentGuardian.objects.filter(student=student, guardian__status="active", guardian__identity__isnull=False)
    ordered = links.order_by("guardian__identity__family_name", "guardian__identity__given_name", "guardian_id")
    return [
        {
            "given_name": link.guardian.identity.given_name,
            "family_name": link.guardian.identity.family_name,
            "email": link.guardian.identity.email,
            "phone": link.guardian.identity.phone,
            "relation": link.relation,
        }
        for link in ordered.select_related("guardian__identity")
    ]


def _evidence(lines: Sequence[dict[str, str]]) -> Iterator[EvidenceLine]:
    for line in lines:
        verdict = line["verdict"] if line["verdict"] in MARKS else "note"
        yield EvidenceLine(line["field"], verdict, line["words"])
