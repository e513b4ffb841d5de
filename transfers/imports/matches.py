"""The analysis' question to the linkage model, and what is known exactly: who came here before."""

from transfers.imports.models import Import, ImportedStudent, IncomingStudent, SourceStatus


def find_matches(transfer: Import) -> None:
    """Fill band, match and candidates of every incoming student, in the caller's transaction under the lock."""
    from transfers.matching.services import match_incoming  # noqa: PLC0415 - it loads the linkage's heavy libraries

    match_incoming(transfer, came_before(transfer))


def came_before(transfer: Import) -> dict[int, int]:
    """The students here to whom the same site's students went with earlier imports, by the source's key.

    Records that were merged lead to the one who stayed; who has no name any more is not among them, and where two
    keys lead to one record, only the later import's does.
    """
    keys = IncomingStudent.objects.filter(transfer=transfer).values("source_key")
    lines = ImportedStudent.objects.filter(
        source_district_id=transfer.source_district_id, source_key__in=keys, student__identity__isnull=False
    ).exclude(source_status__in=(SourceStatus.TAKEN_BACK, SourceStatus.NOT_IMPORTED))
    newest_last = lines.exclude(transfer=transfer).order_by("pk").values_list("source_key", "student_id")
    by_student = {student: key for key, student in dict(newest_last).items()}
    return {key: student for student, key in by_student.items() if student is not None}
