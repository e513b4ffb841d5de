"""The ninety days: whoever has not come back loses name and key, in one transaction per district.

"Student data is anonymized 90 days after the reset, so if more than 90 days pass before the student is re-enrolled in
the program, the student will be considered a new student" (literacy source). Grade, school and results stay for
statistics. Running it twice is harmless: there is nobody left to anonymize.
"""

import datetime as dt

from django.db import connection, transaction
from django_tenants.utils import schema_context
from psycopg import sql

from archiving import statements
from archiving.concerned import Concerned, concerned_tables, guardian_tables
from archiving.errors import AnonymizationError
from ledger.services import append_entry
from products.registry import suite_named
from resets.engine.followups import enqueue_file_removal, enqueue_rewrite
from resets.models import ResetRun
from rostering.models import ReturnWindow
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import current_schema

IDENTITY = "rostering_studentidentity"
STUDENT = "rostering_student"


def anonymize_leavers(district: District, suite: str, school_year: int, *, actor: str, at: dt.datetime) -> int:
    """Anonymize the entered district's students of a suite who were last rostered in a school year or before.

    Args:
        suite: the suite whose ninety days are over; only students with an account in it are concerned.
        at: the moment that is recorded.

    Returns:
        how many students were anonymized.

    Raises:
        AnonymizationError: verification failed; nothing was changed.
    """
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        leaving = _choose_leavers(suite, school_year)
        changed: set[str] = set()
        if leaving:
            files = _keep_file_names(suite, school_year)
            changed = _replace(leaving)
            _destroy_undo(district, suite, school_year)
            if files:
                enqueue_file_removal(district, files, at)
        ReturnWindow.objects.filter(suite=suite, school_year=school_year, anonymized_at=None).update(anonymized_at=at)
        facts = {"suite": suite, "school_year": school_year, "students": leaving, "tables": sorted(changed)}
        append_entry(district.pk, "anonymization", actor=actor, at=at, facts=facts)
        enqueue_rewrite(district, f"anonymization {suite} {school_year}", changed, at)
    return leaving


def _choose_leavers(suite: str, school_year: int) -> int:
    account = suite_named(suite).category("student_accounts").tables[0].name
    _run(statements.LEAVERS, student=STUDENT, account=account, year=school_year)
    _run(statements.INDEX)
    return _number(sql.SQL("SELECT count(*) FROM pg_temp.leavers"))


def _replace(leaving: int) -> set[str]:
    """Everything from the old keys to the new; returns the relations whose storage must be rewritten."""
    tables, schema = concerned_tables(), current_schema()
    before = {t.relation: _number(statements.count_of(t.relation, schema, "old_id")) for t in tables}
    students = _number(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, STUDENT)))
    _run(statements.STRANGERS, student=STUDENT, identity=IDENTITY)
    _run(statements.ORPHANS, links="rostering_studentguardian")
    changed = {STUDENT, "rostering_heldremoval"}
    for table in tables:
        changed |= _relations(statements.rekey(table, schema))
    for name in guardian_tables():
        column = "id" if name == "rostering_guardian" else "guardian_id"
        _run(statements.ORPHANS_GO, table=name, column=column)
        changed.add(name)
    _run(statements.HELD, held="rostering_heldremoval")
    _run(statements.OLD_STUDENTS, student=STUDENT)
    _verify(tables, before, students, leaving)
    return changed


def _verify(tables: tuple[Concerned, ...], before: dict[str, int], students: int, leaving: int) -> None:
    """Nobody is named, no row has an old key, and no row was lost but those that are destroyed."""
    schema = current_schema()
    for table in tables:
        old = _number(statements.count_of(table.relation, schema, "old_id"))
        new = _number(statements.count_of(table.relation, schema, "new_id"))
        wanted = 0 if table.destroyed else before[table.relation]
        if old or new != wanted:
            raise AnonymizationError(
                f"{table.relation}: {old:,} rows still have an old key, {new:,} have a new one where {wanted:,} should"
            )
    now = _number(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, STUDENT)))
    strangers = _number(
        sql.SQL(
            "SELECT count(*) FROM {} AS s JOIN pg_temp.leavers AS l ON l.new_id = s.id WHERE s.status = 'anonymized'"
        ).format(sql.Identifier(schema, STUDENT))
    )
    if now != students or strangers != leaving:
        raise AnonymizationError(
            f"{students:,} students became {now:,}, and {strangers:,} of {leaving:,} were anonymized"
        )


def _keep_file_names(suite: str, school_year: int) -> str:
    """Write the names of the leavers' stored files to a table of the district; returns its name, or nothing."""
    schema = current_schema()
    queries = [statements.file_names(table, column, schema) for table in concerned_tables() for column in table.files]
    if not queries:
        return ""
    name = f"files_anonymized_{suite}_{school_year}"
    with connection.cursor() as cursor:
        table = sql.Identifier(schema, name)
        cursor.execute(sql.SQL("CREATE TABLE {} AS {}").format(table, sql.SQL(" UNION ALL ").join(queries)))
    return name


def _destroy_undo(district: District, suite: str, school_year: int) -> None:
    """A reset can be undone until its data is anonymized, and no longer."""
    with schema_context("public"):
        runs = list(ResetRun.objects.filter(district=district, suite=suite, school_year=school_year))
    with connection.cursor() as cursor:
        for run in runs:
            for name in run.undo_tables:
                cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(current_schema(), name)))


def _run(statement: str, **names: str | int) -> None:
    parts: dict[str, sql.Composable] = {}
    for name, value in names.items():
        if isinstance(value, int):
            parts[name] = sql.Literal(value)
        else:
            parts[name] = sql.Identifier(value) if name == "column" else sql.Identifier(current_schema(), value)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**parts))


def _relations(statement: sql.Composed) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {row[0] for row in cursor.fetchall()}


def _number(statement: sql.Composable) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
