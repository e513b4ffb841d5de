"""The analysis of an import: who of the incoming students may be whom on this site. In the receiving district."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import connection
from psycopg import sql
from psycopg.types.json import Jsonb

from tenants.schema import district_table
from transfers.imports.models import Import, IncomingStudent, MatchCandidate
from transfers.matching.candidates import Band, Choice
from transfers.matching.linking import link
from transfers.matching.people import GuardianRecord, Person
from transfers.matching.site import guardians, students

UPDATE = """
UPDATE {} AS i SET match_key = new.match_key, band = new.band
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS new (id, match_key, band) WHERE i.id = new.id
"""
CANDIDATES = "COPY {} (incoming_id, student_id, probability, evidence) FROM STDIN"


def match_incoming(transfer: Import, known: Mapping[int, int] | None = None) -> list[Choice]:
    """Fill band, match and candidates of an import's incoming students, in the caller's transaction under the lock.

    Running it again gives the same; what a reviewer has decided is left as it is.

    Args:
        transfer: an import of the entered district, its students staged.
        known: for source keys that were imported before, the student of this site that they went to.

    Returns:
        the choice for each incoming student without a decision, by their row's key.
    """
    rows = list(IncomingStudent.objects.filter(transfer=transfer, decision="").order_by("pk"))
    links = known or {}
    choices = link([_person(row, links.get(row.source_key)) for row in rows], students(), guardians=guardians)
    _write(transfer, rows, choices)
    return choices


def _person(row: IncomingStudent, known_as: int | None) -> Person:
    """An incoming student as the linkage reads them."""
    return Person(
        key=row.pk,
        given_name=row.given_name,
        family_name=row.family_name,
        middle_name=row.middle_name,
        preferred_name=row.preferred_name,
        birth_date=row.birth_date.isoformat() if row.birth_date else "",
        grade=row.grade,
        sex=row.sex,
        state_id=row.state_id,
        student_number=row.student_number,
        email=row.email,
        guardians=tuple(
            GuardianRecord(*(str(one.get(name, "")) for name in ("given_name", "family_name", "email", "phone")))
            for one in row.guardians
        ),
        known_as=known_as,
    )


def _write(transfer: Import, rows: Sequence[IncomingStudent], choices: Sequence[Choice]) -> None:
    """Replace the candidates and set bands and matches, in three statements whatever the number of students."""
    undecided = IncomingStudent.objects.filter(transfer=transfer, decision="")
    MatchCandidate.objects.filter(incoming__in=undecided).delete()
    undecided.update(match_key=None)  # no two ever hold one record, not even between two rows
    decided = IncomingStudent.objects.filter(transfer=transfer, match_key__isnull=False)
    held = set(decided.values_list("match_key", flat=True))
    choices = [_left(choice) if choice.match in held else choice for choice in choices]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(UPDATE).format(district_table(IncomingStudent._meta.db_table)),
            [[row.pk for row in rows], [choice.match for choice in choices], [choice.band.value for choice in choices]],
        )
        into = sql.SQL(CANDIDATES).format(district_table(MatchCandidate._meta.db_table))
        with cursor.copy(into) as copy:
            for candidate in (candidate for choice in choices for candidate in choice.candidates):
                evidence = Jsonb([vars(line) for line in candidate.evidence])
                copy.write_row((candidate.incoming, candidate.site, candidate.probability, evidence))


def _left(choice: Choice) -> Choice:
    """What is left of a choice whose record a reviewer has given to another incoming student: somebody has to look."""
    return replace(choice, band=Band.REVIEW, match=None)
