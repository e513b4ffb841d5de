"""Taking away the records of students whom an import made, and of the guardians who came with them."""

from collections.abc import Sequence

from django.db import connection
from psycopg import sql

from resets.engine.proof import Done
from rostering.models import (
    Guardian,
    GuardianIdentity,
    Student,
    StudentDemographics,
    StudentGuardian,
    StudentIdentity,
)
from tenants.schema import district_table
from transfers.imports.models import MatchCandidate
from transfers.imports.writing.people import SOURCED_ID

OF_STUDENT = (MatchCandidate, StudentGuardian, StudentDemographics, StudentIdentity)
DELETE = "DELETE FROM {table} WHERE {key} = ANY({keys}::bigint[])"


def remove_students(students: Sequence[int], done: Done) -> None:
    """Delete students with all that their import made; the caller has seen that nothing else is there."""
    links = StudentGuardian.objects.filter(student_id__in=students)
    theirs = list(links.values_list("guardian_id", flat=True).distinct())
    for model in OF_STUDENT:
        _delete(model._meta.db_table, "student_id", students, done)
    alone = GuardianIdentity.objects.filter(pk__in=theirs, sourced_id__startswith=SOURCED_ID, source_hash=None)
    gone = list(alone.exclude(guardian__student_links__isnull=False).values_list("pk", flat=True))
    _delete(GuardianIdentity._meta.db_table, "guardian_id", gone, done)
    _delete(Guardian._meta.db_table, "id", gone, done)
    _delete(Student._meta.db_table, "id", students, done)


def _delete(table: str, key: str, keys: Sequence[int], done: Done) -> None:
    statement = sql.SQL(DELETE).format(
        table=district_table(table), key=sql.Identifier(key), keys=sql.Literal(list(keys))
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        done.add(table, deleted=int(cursor.rowcount))
