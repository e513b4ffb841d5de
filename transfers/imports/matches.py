"""The analysis' question to the linkage model, and what is known exactly: who came here before."""

from django.db import transaction

from rostering.models import StudentIdentity
from transfers.imports.models import Band, Import, ImportedStudent, IncomingStudent, MatchCandidate, SourceStatus

CAME_BEFORE = {
    "field": "came_before",
    "verdict": "equal",
    "words": "This student came from the same site before, and was imported as this record.",
}


def find_matches(transfer: Import) -> None:
    """Fill band, match and candidates of every incoming student, in the caller's transaction under the lock."""
    from transfers.imports.exact import match_exactly  # noqa: PLC0415 - one place, see there

    with transaction.atomic():
        match_exactly(transfer)
        _match_who_came_before(transfer)


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
    by_key = dict(newest_last)
    by_student = {student: key for key, student in by_key.items()}
    return {key: student for student, key in by_student.items() if student is not None}


def _match_who_came_before(transfer: Import) -> None:
    known = came_before(transfer)
    incoming = IncomingStudent.objects.filter(transfer=transfer)
    others = incoming.filter(match_key__in=known.values())
    for row in others:
        if known.get(row.source_key) != row.match_key:
            incoming.filter(pk=row.pk).update(match_key=None, band=Band.REVIEW)
    names = set(StudentIdentity.objects.filter(pk__in=known.values()).values_list("pk", flat=True))
    for row in incoming.filter(source_key__in=known):
        student = known[row.source_key]
        if student not in names:
            continue
        incoming.filter(pk=row.pk).update(match_key=student, band=Band.MATCHED)
        MatchCandidate.objects.update_or_create(
            incoming=row, student_id=student, defaults={"probability": 1.0, "evidence": [CAME_BEFORE]}
        )
