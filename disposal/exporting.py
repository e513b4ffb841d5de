"""Exports: a zip with every row as CSV and JSON, files, a data dictionary and checksums. Streamed, never in memory."""

import datetime as dt
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from archiving.concerned import concerned_tables
from disposal import terms
from disposal.concerned import Theirs, choose, their_rows
from disposal.models import Case, CaseState
from disposal.requests.models import DisposalRequest
from ledger.services import append_entry
from products.registry import data_maps
from tenants.datamap import Table
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import current_schema
from tenants.spreadsheets import csv_lines
from tenants.zips import ZipWriter

AT_ONCE: Final = 2000
CURSOR: Final = "export_rows"
README: Final = """Everything that Yearturn keeps of {whom}, as of {on}.

tables/*.csv    a table each, for spreadsheets: what a spreadsheet would take for a formula begins with an apostrophe
tables/*.jsonl  the same rows exactly as they are kept, one JSON object a line
files/          stored files
data_dictionary.csv  every table and column: what it belongs to, and whether it identifies somebody
SHA256SUMS      a checksum of every file; check with: sha256sum -c SHA256SUMS
"""


def write_export(district: District, case: Case, *, at: dt.datetime, as_of: dt.date) -> None:
    """Write a case's export to the entered district's folder; done twice the later one replaces the other."""
    root = Path(settings.MEDIA_ROOT) / current_schema()
    name = f"exports/{case.pk}/export.zip"
    path = root / name
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    fresh = path.with_suffix(".new")
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        kept = Case.objects.select_for_update().get(pk=case.pk)
        if kept.state != CaseState.APPROVED:
            return
        student_id = DisposalRequest.objects.values_list("student_id", flat=True).get(pk=case.pk)
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            counts = _fill(ZipWriter(archive), root, student_id, as_of)
        with fresh.open("rb") as written:
            os.fsync(written.fileno())
        fresh.replace(path)
        until = as_of + dt.timedelta(days=terms.KEPT)
        facts = {"case": str(kept.pk), "scope": str(kept.scope), "tables": counts, "kept_until": until.isoformat()}
        number = append_entry(district.pk, "export", actor=kept.asked_by, at=at, facts=facts)
        kept.state, kept.done_at, kept.ledger_number = CaseState.DONE, at, number
        kept.counts, kept.kept_until = counts, until
        kept.save()
        DisposalRequest.objects.filter(pk=case.pk).update(file=name)
        gone_at = at + dt.timedelta(days=terms.KEPT + 1)
        enqueue_job(district, "remove_export", str(kept.pk), due_at=gone_at, payload={"case": str(kept.pk)})


def district_rows() -> tuple[Theirs, ...]:
    """Every relation of the entered district that a data map knows: live tables and archive twins."""
    names = {table.name for suite in data_maps() for table in suite.tables}
    names |= {table.archive_name for suite in data_maps() for table in suite.tables} - {""}
    return tuple(Theirs(name, sql.SQL("true")) for name in sorted(names))


def _fill(writer: ZipWriter, root: Path, student_id: int | None, as_of: dt.date) -> dict[str, int]:
    if student_id is None:
        rows = district_rows()
    else:
        choose([student_id])
        rows = their_rows()
    whom = "one student" if student_id is not None else "the whole district"
    writer.add("README.txt", [README.format(whom=whom, on=as_of).encode()])
    writer.add("data_dictionary.csv", (line.encode() for line in csv_lines(_dictionary())))
    counts: dict[str, int] = {}
    for each in rows:
        if count := _add_table(writer, each):
            counts[each.relation] = counts.get(each.relation, 0) + count
    for number, name in enumerate(_file_names(student_id)):
        path = (root / name).resolve()
        if path.is_relative_to(root.resolve()) and path.is_file():
            writer.add_file(f"files/{number:06}-{path.name}", path)
    writer.add_sums()
    return counts


def _add_table(writer: ZipWriter, each: Theirs) -> int:
    """Write a relation's rows twice: for spreadsheets, and exactly."""
    lines = _rows(each)
    first = next(lines, None)
    if first is None:
        return 0
    columns = list(first)
    count = 0

    def as_csv() -> Iterator[list[Any]]:
        nonlocal count
        yield columns
        for row in _rows(each):
            count += 1
            yield [_flat(row[column]) for column in columns]

    writer.add(f"tables/{each.relation}.csv", (line.encode() for line in csv_lines(as_csv())))
    writer.add(
        f"tables/{each.relation}.jsonl", (f"{json.dumps(row, ensure_ascii=False)}\n".encode() for row in _rows(each))
    )
    return count


def _rows(each: Theirs) -> Iterator[dict[str, Any]]:
    """The rows as JSON objects, some at a time."""
    table = sql.Identifier(current_schema(), each.relation)
    query = sql.SQL("SELECT to_jsonb(t) FROM {} AS t WHERE {}").format(table, each.condition)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CLOSE ALL"))
        cursor.execute(sql.SQL("DECLARE {} NO SCROLL CURSOR FOR {}").format(sql.Identifier(CURSOR), query))
        fetch = sql.SQL("FETCH {} FROM {}").format(sql.Literal(AT_ONCE), sql.Identifier(CURSOR))
        while True:
            cursor.execute(fetch)
            found = cursor.fetchall()
            if not found:
                return
            for (row,) in found:
                yield json.loads(row) if isinstance(row, str) else row


def _flat(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _dictionary() -> Iterator[tuple[str, ...]]:
    yield ("table", "column", "data", "category", "belongs to", "identifies somebody")
    for suite in data_maps():
        for category in suite.categories:
            for table in category.tables:
                for relation in filter(None, (table.name, table.archive_name)):
                    for column in _columns(table):
                        personal = "yes" if column in table.personal else "no"
                        yield (relation, column, suite.name, category.label, table.key.name.lower(), personal)


def _columns(table: Table) -> list[str]:
    return [str(field.column) for field in table.model._meta.concrete_fields]


def _file_names(student_id: int | None) -> list[str]:
    """Stored files: a student's own; of a district all."""
    schema = current_schema()
    names: list[str] = []
    chosen = sql.SQL("true") if student_id is None else sql.SQL("t.student_id IN (SELECT old_id FROM pg_temp.leavers)")
    for table in concerned_tables():
        for column in table.files:
            if table.live != "disposal_requests_disposalrequest":
                parts = {"column": sql.Identifier(column), "table": sql.Identifier(schema, table.relation)}
                query = sql.SQL("SELECT t.{column} FROM {table} AS t WHERE t.{column} <> '' AND {chosen}")
                with connection.cursor() as cursor:
                    cursor.execute(query.format(chosen=chosen, **parts))
                    names += [str(row[0]) for row in cursor.fetchall()]
    return names
