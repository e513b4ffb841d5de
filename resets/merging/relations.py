"""Which relations a merge concerns: each that is keyed by a student, of every data map.

The rule is the same for all, by the data maps. A row is given to the student who stays, unless that one has such a row
already and can have only one: then theirs stays, and the other is put aside for the undo. What a student can have once
is said by the unique constraints, and where the database has none by the data map (`Table.once`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from products.datamap import Category, Key, Suite, Table
from products.registry import data_maps, suites
from resets.engine.undo import undo_tables_with_students
from rostering.catalog import ROSTER
from rostering.models import HeldRemoval, MergeUndo, Student, StudentAlias, StudentMerge
from tenants.schema import current_schema

RECORDS = (StudentMerge, MergeUndo, StudentAlias)
"""Earlier merges' own records: they follow the student, but are nobody's data. So do those of apps above."""
HELD = "rostering_heldremoval"
UNDO_PREFIX = len("undo_01234567_")


@dataclass(frozen=True)
class Keyed:
    """One relation whose rows belong to students.

    Attributes:
        relation: its name in the district's schema: a live table, an archive twin, a reset's undo table.
        once: sets of columns; for each value of one of them a student has one row at most.
        keys: the columns of the primary key, without the student's.
        column: where the student's key is.
        children: (relation, column) of tables whose rows belong to a row of this one.
        is_record: not data of the student: not counted on pages.
        only: a further condition on `t`, in SQL of this project.
        always_aside: rows are never given to the other student.
    """

    relation: str
    suite: Suite
    category: Category
    once: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]
    column: str = "student_id"
    children: tuple[tuple[str, str], ...] = ()
    is_record: bool = False
    only: str = "true"
    always_aside: bool = False


def keyed_relations() -> tuple[Keyed, ...]:
    """Every relation of the entered district that a merge concerns, but for the students' own table."""
    mapped = tuple(_mapped())
    return (*mapped, *_of_resets(mapped), _held())


def data_relations() -> tuple[Keyed, ...]:
    """Those of them that hold data of the student, in the data maps' order: what pages count."""
    return tuple(keyed for keyed in _mapped() if not keyed.is_record)


def _mapped() -> Iterator[Keyed]:
    for suite in data_maps():
        for category in suite.categories:
            for table in category.tables:
                if table.key is Key.STUDENT and table.model is not Student:
                    for relation in filter(None, (table.name, table.archive_name)):
                        yield _keyed(suite, category, table, relation)


def _keyed(suite: Suite, category: Category, table: Table, relation: str) -> Keyed:
    meta = table.model._meta
    keys = tuple(str(field.column) for field in meta.pk_fields if field.column != "student_id")
    children = tuple(
        (child.name, child.parent)
        for child in category.tables
        if child.key is Key.PARENT and child.of is table.model and relation == table.name
    )
    is_record = table.model in RECORDS or suite not in (*suites(), ROSTER)
    return Keyed(relation, suite, category, tuple(_once(table)), keys, children=children, is_record=is_record)


def _once(table: Table) -> Iterator[tuple[str, ...]]:
    """The sets of columns of which a student has one row each; the empty set for one row in all."""
    meta = table.model._meta
    columns = {field.name: str(field.column) for field in meta.concrete_fields}
    if [field.column for field in meta.pk_fields] == ["student_id"]:
        yield ()
    for constraint in meta.total_unique_constraints:
        named = [columns[name] for name in constraint.fields]
        if "student_id" in named:
            yield tuple(name for name in named if name != "student_id")
    if table.once is not None:
        yield table.once


def _of_resets(mapped: tuple[Keyed, ...]) -> Iterator[Keyed]:
    """The resets' undo tables that hold students' keys: what a restore brings back belongs to the one who stays."""
    known = {keyed.relation: keyed for keyed in mapped}
    for name in undo_tables_with_students(current_schema()):
        if base := known.get(name[UNDO_PREFIX:]):
            yield Keyed(name, base.suite, base.category, base.once, base.keys, is_record=True)


def _held() -> Keyed:
    """A removal that is held back waits no more for somebody who was merged."""
    only = "t.kind = 'student' AND t.released_at IS NULL AND t.lapsed_at IS NULL"
    category = ROSTER.category("held_removals")
    pk: models.Field[object, object] = HeldRemoval._meta.pk
    return Keyed(
        HELD, ROSTER, category, (), (str(pk.column),), "person_id", is_record=True, only=only, always_aside=True
    )
