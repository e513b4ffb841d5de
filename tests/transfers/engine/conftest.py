"""Two districts that are really committed: an import is proven by what its own transaction wrote."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, connections, transaction
from psycopg import sql

from tenants.models import District, Domain
from tenants.services import district_host
from tests.support.districts import KEPT_TABLES, district_schemas, empty_public, forget_districts, provision
from tests.transfers.engine.exact import match_exactly
from tests.transfers.engine.world import add_records, make_code, make_school, make_student
from transfers.codes.models import TransferCode
from transfers.imports.services import analyzing


@dataclass
class Move:
    """Three students of one district, on their way to another, where one of them is on the roster."""

    source: District
    destination: District
    old_school: int
    new_school: int
    students: dict[str, int]
    known: int
    code: TransferCode


@pytest.fixture(autouse=True)
def quick_matching(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exact identifiers instead of the linkage model, until a test asks for the model itself."""
    monkeypatch.setattr(analyzing, "find_matches", match_exactly)


@pytest.fixture(scope="package")
def two(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[District, District]]:
    """Two districts that are provisioned once for all these tests."""
    with django_db_blocker.unblock():
        before = district_schemas()
        try:
            yield provision("birch"), provision("hazel")
        finally:
            forget_districts(keep=before)
            connections.close_all()


@pytest.fixture
def move(two: tuple[District, District]) -> Move:
    """The two districts, emptied of what the test before left, and filled."""
    empty_districts(two)
    with transaction.atomic():
        return lived(*two)


def empty_districts(districts: Sequence[District]) -> None:
    """Empty districts and the public schema, as if they had just been made."""
    connection.set_schema_to_public()
    empty_public()
    for district in districts:
        empty_schema(district)
        district.save(force_insert=True)
        Domain.objects.create(domain=district_host(district.slug), tenant=district, is_primary=True)


def empty_schema(district: District) -> None:
    """Delete the rows of every table of a district, and the tables that resets and anonymizations have left."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'"
            " AND NOT relname = ANY(%s)",
            [district.schema_name, list(KEPT_TABLES)],
        )
        found = [str(row[0]) for row in cursor.fetchall()]
        left = [name for name in found if name.startswith(("files_", "undo_"))]
        for name in left:
            cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(district.schema_name, name)))
        tables = sorted(set(found) - set(left))
        asked = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(district.schema_name, name))
            for name in tables
        ]
        cursor.execute(sql.SQL(" UNION ALL ").join(asked))
        filled = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in filled:
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(district.schema_name, name)))


def lived(source: District, destination: District) -> Move:
    """Fill two new districts."""
    old, new = make_school(source, "Old School"), make_school(destination, "New School")
    facts = {
        "Ada": {"state_id": "ST-1", "student_number": "11", "username": "ada", "email": "ada@birch.example"},
        "Ben": {"state_id": "ST-2", "student_number": "12", "username": "ben", "email": "ben@birch.example"},
        "Cleo": {"student_number": "13", "guardian": "Dora"},
    }
    students = {}
    for name, values in facts.items():
        students[name] = make_student(source, old, name, "Moreno", **values)
        add_records(source, old, students[name])
    known = make_student(destination, new, "Ada", "Moreno", state_id="ST-1", student_number="901", grade="04")
    add_records(destination, new, known, (2026,))
    return Move(source, destination, old, new, students, known, make_code(source, old, list(students.values())))
