"""A matcher by exact identifiers, for tests of what comes after matching: it is quick, and never in doubt."""

from collections import Counter
from collections.abc import Iterator

from rostering.models import StudentIdentity
from transfers.imports.matches import came_before
from transfers.imports.models import Band, Import, IncomingStudent, MatchCandidate

EXACT = (("state_id",), ("student_number", "birth_date"))


def match_exactly(transfer: Import) -> None:
    """Match by identifiers that fit one student of the site, and one of the incoming, each."""
    MatchCandidate.objects.filter(incoming__transfer=transfer).delete()
    incoming = list(IncomingStudent.objects.filter(transfer=transfer))
    known = came_before(transfer)
    pairs = dict(_pairs(incoming)) | {row.pk: known[row.source_key] for row in incoming if row.source_key in known}
    taken = Counter(pairs.values())
    for row in incoming:
        student = pairs.get(row.pk)
        row.match_key = student if student is not None and taken[student] == 1 else None
        row.band = Band.MATCHED if row.match_key else Band.REVIEW if student else Band.NEW
    IncomingStudent.objects.bulk_update(incoming, ["match_key", "band"])
    MatchCandidate.objects.bulk_create(
        MatchCandidate(incoming_id=key, student_id=student, probability=1.0, evidence=[])
        for key, student in pairs.items()
    )


def _pairs(incoming: list[IncomingStudent]) -> Iterator[tuple[int, int]]:
    for names in reversed(EXACT):
        first = names[0]
        values = [getattr(row, first) for row in incoming if getattr(row, first)]
        known = StudentIdentity.objects.filter(**{f"{first}__in": values}).values_list("pk", *names)
        by_values = Counter(tuple(rest) for _, *rest in known)
        students = {tuple(rest): key for key, *rest in known}
        for row in incoming:
            own = tuple(getattr(row, name) for name in names)
            if all(own) and by_values[own] == 1:
                yield row.pk, students[own]
