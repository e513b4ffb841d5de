"""The partition move backwards: from the archive to the live table. Catalogue only; the exclusive locks come last."""

from dataclasses import replace

from django.db import connection
from psycopg import sql

from products.partitions import partition_name
from resets.engine.errors import VerificationError
from resets.engine.locking import Lock, lock_tables
from resets.engine.moves import places_named
from resets.restoring.plan import Fact, RestorePlan


def move_back(plan: RestorePlan) -> None:
    """Detach whole years from the archive, attach them to the live tables, and check the catalogue.

    Raises:
        LocksNotHadError: somebody reads the archive all the time; nothing was changed.
        VerificationError: a partition is not where it should be.
    """
    moving = [fact for fact in plan.facts if fact.whole]
    if not moving:
        return
    names = [partition_name(fact.table.name, fact.year) for fact in moving]
    before = places_named(plan.ground.schema, names)
    lock_tables(_locks(moving), tell=lambda _: None)
    with connection.cursor() as cursor:
        for fact in moving:
            for statement in _statements(plan.ground.schema, fact):
                cursor.execute(statement)
    after = places_named(plan.ground.schema, names)
    for fact, name in zip(moving, names, strict=True):
        if after.get(name) != replace(before[name], parent=fact.table.name):
            raise VerificationError(f"partition {name} was at {before.get(name)}, and is at {after.get(name)}")


def _locks(moving: list[Fact]) -> list[Lock]:
    """Parents first, then partitions, by name. Readers and writers of the live tables go on."""
    twins = sorted({fact.table.archive_name for fact in moving})
    live = sorted({fact.table.name for fact in moving})
    return [
        *((name, "SHARE UPDATE EXCLUSIVE") for name in live),
        *((name, "ACCESS EXCLUSIVE") for name in twins),
        *((name, "ACCESS EXCLUSIVE") for name in sorted(partition_name(fact.table.name, fact.year) for fact in moving)),
    ]


def _statements(schema: str, fact: Fact) -> tuple[sql.Composed, sql.Composed]:
    partition = sql.Identifier(schema, partition_name(fact.table.name, fact.year))
    live, twin = sql.Identifier(schema, fact.table.name), sql.Identifier(schema, fact.table.archive_name)
    year = sql.Literal(fact.year)
    return (
        sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(twin, partition),
        sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})").format(live, partition, year),
    )
