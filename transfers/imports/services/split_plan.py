"""What taking a match apart would do: the preview, which the split itself goes by."""

from dataclasses import dataclass

from rostering.models import StudentIdentity
from transfers.imports import reasons
from transfers.imports.errors import TransferRefusedError
from transfers.imports.models import ImportedStudent, SourceStatus
from transfers.imports.writing.arrivals import Arrival, arrival_of_new
from transfers.imports.writing.identifiers import InUse
from transfers.imports.writing.lineage import Brought
from transfers.imports.writing.persons import person_of_line


@dataclass(frozen=True)
class SplitPreview:
    """What taking a match apart would do.

    Attributes:
        refused: why it cannot be done, in words; empty when it can.
        records: how many go on to the other student.
        stays: how many the student had before this import already, which stay.
        arrival: the new record, without what is in use here; None when they go to another student.
    """

    refused: str
    records: int = 0
    stays: int = 0
    arrival: Arrival | None = None


def split_preview(line: ImportedStudent, *, to: int | None = None) -> SplitPreview:
    """What `split_student` would do; nothing is changed.

    Args:
        line: of the log: somebody who was matched to a record here.
        to: the student here to whom the records belong; None for a new one, made as the import would have.
    """
    if refused := _refusal(line, to):
        return SplitPreview(refused)
    brought = Brought(line.transfer, [student_of(line)])
    if not brought.all_there(student_of(line)):
        return SplitPreview(reasons.in_words(reasons.NOT_THERE))
    records = brought.of(student_of(line))
    if to is not None:
        return SplitPreview("", records, line.known)
    person = person_of_line(line)
    arrival = arrival_of_new(line.pk, person, InUse([person]))
    refused = reasons.in_words(arrival.refused) if arrival.refused else ""
    return SplitPreview(refused, records, line.known, arrival)


def student_of(line: ImportedStudent) -> int:
    """The student of a line that has one.

    Raises:
        TransferRefusedError: it has none.
    """
    if line.student_id is None:
        raise TransferRefusedError("This student has no record here.")
    return line.student_id


def _refusal(line: ImportedStudent, to: int | None) -> str:
    if line.student_id is None or line.source_status == SourceStatus.TAKEN_BACK:
        return "This student was not imported, or was taken back: there is nothing to take apart."
    if line.is_new:
        return "This student's record was made by the import: nobody else's data is in it."
    if ImportedStudent.objects.filter(transfer=line.transfer, student=line.student).exclude(pk=line.pk).exists():
        return reasons.in_words(reasons.SHARED)
    later = ImportedStudent.objects.filter(
        student=line.student, source_district_id=line.source_district_id, source_key=line.source_key, pk__gt=line.pk
    )
    if later.exclude(source_status=SourceStatus.TAKEN_BACK).exists():
        return "The student came again with a later import to the same record. Take that match apart first."
    return "" if to is None else _refusal_of_target(line, to)


def _refusal_of_target(line: ImportedStudent, to: int) -> str:
    if to == line.student_id:
        return "This is the record that they are matched to. Choose another one."
    if not StudentIdentity.objects.filter(pk=to).exists():
        return "That record is not on this site any more. Search again."
    if ImportedStudent.objects.filter(transfer=line.transfer, student_id=to).exists():
        return reasons.in_words(reasons.SAME_RECORD)
    return ""
