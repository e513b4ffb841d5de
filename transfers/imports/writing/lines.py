"""The lines of an import's log: who came, who they are here, and what was changed."""

from collections.abc import Mapping, Sequence

from resets.engine.proof import Done
from rostering.models import StudentIdentity
from transfers.imports import reasons
from transfers.imports.models import Import, ImportedStudent, ScoreStatus, SourceStatus
from transfers.imports.writing.arrivals import Arrival
from transfers.imports.writing.identifiers import IDENTIFIERS
from transfers.imports.writing.persons import packed
from transfers.imports.writing.records import Counts
from transfers.packet.people import PacketPerson

TABLE = ImportedStudent._meta.db_table


def write_lines(
    transfer: Import,
    arrivals: Sequence[Arrival],
    records: Mapping[int, StudentIdentity],
    counts: Counts,
    done: Done,
) -> list[ImportedStudent]:
    """Write a line for each arrival; the line of somebody who was not imported before is replaced.

    Args:
        records: who they are here, by the incoming student's key; nobody for those who are not imported.
    """
    keys = [arrival.person.source_key for arrival in arrivals]
    old = ImportedStudent.objects.filter(transfer=transfer, source_key__in=keys)
    done.add(TABLE, deleted=old.delete()[0])
    lines = [_line(transfer, each, records.get(each.incoming), counts.of(each.incoming)) for each in arrivals]
    done.add(TABLE, inserted=len(ImportedStudent.objects.bulk_create(lines)))
    return lines


def as_here(line: ImportedStudent, record: StudentIdentity | None) -> None:
    """Let a line say who the student is on this site."""
    line.student_id = record.pk if record else None
    for name in IDENTIFIERS:
        setattr(line, name, getattr(record, name) if record else "")


def _line(
    transfer: Import, arrival: Arrival, record: StudentIdentity | None, counts: tuple[int, int, int]
) -> ImportedStudent:
    written, known, renamed = counts
    changes = [*arrival.reasons, *([reasons.RECORD_ID] if renamed else [])]
    line = line_of(transfer, arrival.person)
    as_here(line, record)
    line.is_new, line.rows, line.known = arrival.is_new, written, known
    if arrival.refused:
        line.source_status, line.score_status = SourceStatus.NOT_IMPORTED, ScoreStatus.NONE
        line.reasons = [arrival.refused]
    else:
        line.source_status = SourceStatus.CHANGED if changes else SourceStatus.UNCHANGED
        line.score_status, line.reasons = ScoreStatus.ALL, changes
    return line


def line_of(transfer: Import, person: PacketPerson) -> ImportedStudent:
    """A line that says who somebody was on the source site, and nothing else yet."""
    return ImportedStudent(
        transfer=transfer,
        source_district_id=transfer.source_district_id,
        source_key=person.source_key,
        given_name=person.given_name,
        family_name=person.family_name,
        grade=person.grade,
        packet=packed(person),
        **{f"source_{name}": getattr(person, name) for name in IDENTIFIERS},
    )
