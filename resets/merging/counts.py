"""Counting what a merge moves: the preview before it, and the proof after it."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from resets.merging.relations import Keyed, data_relations
from resets.merging.statements import Words


@dataclass(frozen=True)
class Rows:
    """Rows of one relation: of the one who stays, of the other, and how many of the other's are put aside."""

    stays: int
    goes: int
    aside: int

    @property
    def moved(self) -> int:
        """Rows that are given to the one who stays."""
        return self.goes - self.aside


@dataclass(frozen=True)
class CategoryMove:
    """One category's line of the preview."""

    suite: str
    label: str
    stays: int
    moved: int
    aside: int


@dataclass(frozen=True)
class MergePreview:
    """What merging would do, by category, in the data maps' order."""

    lines: tuple[CategoryMove, ...]

    @property
    def moved(self) -> int:
        """Rows in all that are given to the one who stays."""
        return sum(line.moved for line in self.lines)

    @property
    def aside(self) -> int:
        """Rows in all that both have, and of which the other's is put aside."""
        return sum(line.aside for line in self.lines)


def preview_merge(stays: int, goes: int) -> MergePreview:
    """What merging one student of the entered district into another would do. One query; nothing is changed."""
    relations = data_relations()
    counted = count_rows(relations, stays, goes)
    lines: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for keyed in relations:
        rows, line = counted[keyed.relation], lines[keyed.suite.name, keyed.category.label]
        line[0] += rows.stays
        line[1] += rows.moved
        line[2] += rows.aside + sum(counted[child].aside for child, _ in keyed.children)
    return MergePreview(
        tuple(CategoryMove(suite, label, *numbers) for (suite, label), numbers in lines.items() if any(numbers))
    )


def count_rows(relations: tuple[Keyed, ...], stays: int, goes: int) -> dict[str, Rows]:
    """The rows of both in every relation, and those of child tables that go aside with their parents, in one query."""
    words = Words(stays, goes)
    asked = [words.count(keyed) for keyed in relations]
    asked += [words.count_children(keyed, child, column) for keyed in relations for child, column in keyed.children]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(asked))
        return {str(name): Rows(*map(int, numbers)) for name, *numbers in cursor.fetchall()}
