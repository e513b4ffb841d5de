"""Verification of a merge, in its own transaction: any mismatch rolls everything back.

Two accounts must agree with what the statements answered: the rows of both counted before and after, and what
PostgreSQL itself says that the transaction wrote.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from resets.engine.proof import NOTHING, Written, first_mismatch, run_deferred_checks, written_relations
from resets.merging.counts import Rows, count_rows
from resets.merging.errors import MergeError
from resets.merging.people import STUDENT
from resets.merging.relations import RECORDS, Keyed
from tenants.schema import current_schema

OWN = frozenset(model._meta.db_table for model in RECORDS)
"""The merge's own records, into which it writes itself."""
PARENTS = """
SELECT child.relname, parent.relname FROM pg_inherits
JOIN pg_class AS child ON child.oid = inhrelid JOIN pg_class AS parent ON parent.oid = inhparent
WHERE child.relnamespace = to_regnamespace(quote_ident(%s)) AND child.relkind = 'r'
"""


@dataclass
class Done:
    """What the statements answered, by relation: rows moved, rows put aside."""

    moved: dict[str, int] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)


def check_references() -> None:
    """Run the deferred checks of foreign keys now, and let those of what follows wait again."""
    run_deferred_checks()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def verify_counts(relations: tuple[Keyed, ...], seen: Mapping[str, Rows], stays: int, goes: int, done: Done) -> None:
    """In every relation nothing is left of the one, and the other has what both had but for what was put aside.

    Raises:
        MergeError: names the relation and the numbers.
    """
    after = count_rows(relations, stays, goes)
    for keyed in relations:
        name, before, now = keyed.relation, seen[keyed.relation], after[keyed.relation]
        moved, aside = done.moved.get(name, 0), done.aside.get(name, 0)
        expected = before.stays + before.moved
        complete = (moved, aside) == (before.moved, before.aside) and not now.goes
        if not complete or (now.stays != expected and name not in OWN):
            raise MergeError(
                f"{name}: {before.stays:,} and {before.goes:,} rows became {now.stays:,} and {now.goes:,}; {moved:,} "
                f"moved and {aside:,} were put aside, where {before.moved:,} and {before.aside:,} should. Nothing was "
                "changed."
            )


def verify_writes(before: dict[str, Written], done: Done) -> None:
    """The database wrote what the statements answered, in the district's schema, and nothing else.

    Raises:
        MergeError: names the relation and the numbers.
    """
    wanted = {STUDENT: Written(0, 2, 0)}
    for name in done.moved.keys() | done.aside.keys():
        wanted[name] = Written(0, done.moved.get(name, 0), done.aside.get(name, 0))
    written = by_parent(written_relations(current_schema(), before)[0])
    if mismatch := first_mismatch(written, wanted, OWN):
        raise MergeError(f"{mismatch}. Nothing was changed.")


def by_parent(written: Mapping[str, Written]) -> dict[str, Written]:
    """What was written in the entered district's relations, partitions added up under their parents."""
    with connection.cursor() as cursor:
        cursor.execute(PARENTS, [current_schema()])
        parent_of = dict(cursor.fetchall())
    total: dict[str, Written] = defaultdict(lambda: NOTHING)
    for name, counts in written.items():
        parent = str(parent_of.get(name, name))
        total[parent] = Written(*(a + b for a, b in zip(total[parent], counts, strict=True)))
    return {name: counts for name, counts in total.items() if counts != NOTHING}
