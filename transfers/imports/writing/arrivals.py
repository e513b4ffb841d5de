"""Where each incoming student goes: onto which record, or as a new one, without what, or why not at all."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rostering.models import StudentIdentity, StudentMerge
from transfers.imports import reasons
from transfers.imports.matches import came_before
from transfers.imports.models import Import, ImportedStudent, IncomingStudent
from transfers.imports.writing.identifiers import DROPPABLE, InUse, differing
from transfers.imports.writing.persons import person_of_incoming
from transfers.packet.people import PacketPerson


@dataclass(frozen=True)
class Arrival:
    """What becomes of one incoming student.

    Attributes:
        incoming: the key of the staged row.
        student: the record on this site; None for a new one, or for nobody.
        reasons: codes of what is changed.
        dropped: identifiers that a new record is made without.
        refused: the code of why they are not imported; empty when they are.
    """

    incoming: int
    person: PacketPerson
    student: int | None = None
    reasons: tuple[str, ...] = ()
    dropped: frozenset[str] = field(default=frozenset())
    refused: str = ""

    @property
    def is_new(self) -> bool:
        """Whether a record is made for them."""
        return self.student is None and not self.refused


def arrivals_of(transfer: Import) -> list[Arrival]:
    """What becomes of every student who is staged, in the order of their keys on the source site.

    The students' own lines only: their records stay in the database.
    """
    incoming = list(IncomingStudent.objects.filter(transfer=transfer).order_by("source_key"))
    matches = _matches(transfer, incoming)
    targets = _followed(set(matches.values()))
    known = StudentIdentity.objects.in_bulk(list(set(targets.values())))
    people = [(row, person_of_incoming(row)) for row in incoming]
    in_use = InUse(person for _, person in people)
    claimed = Counter(targets[match] for match in matches.values())
    claimed.update(_taken(transfer))
    found = []
    for row, person in people:
        if row.pk not in matches:
            found.append(arrival_of_new(row.pk, person, in_use))
        else:
            target = targets[matches[row.pk]]
            found.append(_arrival_of_matched(row.pk, person, known.get(target), claimed[target], in_use))
    return found


def arrival_of_new(incoming: int, person: PacketPerson, in_use: InUse) -> Arrival:
    """A new record, without what others here use; refused where the state ID is another's, for it may be them.

    What the new record gets is in use from then on.
    """
    if in_use.others("state_id", person):
        return Arrival(incoming, person, refused=reasons.STATE_ID)
    dropped = frozenset(name for name in DROPPABLE if in_use.others(name, person))
    in_use.claim(person, dropped)
    return Arrival(incoming, person, reasons=tuple(DROPPABLE[name] for name in sorted(dropped)), dropped=dropped)


def _arrival_of_matched(
    incoming: int, person: PacketPerson, record: StudentIdentity | None, claims: int, in_use: InUse
) -> Arrival:
    if record is None:
        return Arrival(incoming, person, refused=reasons.MATCH_GONE)
    if claims > 1:
        return Arrival(incoming, person, refused=reasons.SAME_RECORD)
    owners = in_use.others("state_id", person)
    if owners and record.pk not in owners:
        return Arrival(incoming, person, refused=reasons.STATE_ID)
    changed = (reasons.DIFFERS,) if differing(person, record) else ()
    return Arrival(incoming, person, student=record.pk, reasons=changed)


def _matches(transfer: Import, incoming: Iterable[IncomingStudent]) -> dict[int, int]:
    """The record that each incoming student is matched to, by the staged row's key; none for a new student.

    Whoever was to be new, with no reviewer's word, and has come with another import since the analysis, is that one.
    """
    came = came_before(transfer)
    found = {}
    for row in incoming:
        match = row.match_key if row.match_key is not None or row.decision else came.get(row.source_key)
        if match is not None:
            found[row.pk] = match
    return found


def _followed(keys: Iterable[int]) -> dict[int, int]:
    """Each key, and the record that it leads to by now: of a student who was merged, the one who stayed."""
    leads = {key: key for key in keys}
    while True:
        merges = StudentMerge.objects.filter(merged_id__in=set(leads.values()), undone_at=None)
        onwards = dict(merges.values_list("merged_id", "student_id"))
        if not onwards:
            return leads
        leads = {key: onwards.get(now, now) for key, now in leads.items()}


def _taken(transfer: Import) -> list[int]:
    """Records that students of this import went to already, when the others were not imported."""
    lines = ImportedStudent.objects.filter(transfer=transfer, student__isnull=False)
    return [key for key in lines.values_list("student_id", flat=True) if key is not None]
