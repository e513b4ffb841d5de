"""The moves: detaching a year from the live table and attaching it to the archive, or dropping it. Catalogue only.

The exclusive locks are taken here, last, and held until the commit a few milliseconds later.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import connection
from psycopg import sql

from products.datamap import columns_of
from products.partitions import partition_name, split_name
from resets.engine.errors import VerificationError
from resets.engine.locking import Lock, lock_tables
from resets.engine.plan import Ground, Part, Plan, Work

PLACES = """
SELECT c.relname, p.relname, c.oid::bigint, pg_relation_filenode(c.oid)::bigint
FROM pg_class AS c LEFT JOIN pg_inherits ON inhrelid = c.oid LEFT JOIN pg_class AS p ON p.oid = inhparent
WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relname = ANY(%s)
"""


@dataclass(frozen=True)
class Place:
    """Where a partition is: the parent's name, and the file that holds its rows."""

    parent: str | None
    oid: int
    file: int


Places = dict[str, Place]


def places_of(plan: Plan) -> Places:
    """Every partition of the plan's fact tables, live and archived."""
    ground = plan.ground
    names = [
        ground.partition(table, year, in_archive=in_archive)
        for in_archive, years_of in ((False, ground.live_years), (True, ground.archive_years))
        for table, years in years_of.items()
        for year in years
    ]
    return places_named(ground.schema, names)


def places_named(schema: str, names: list[str]) -> Places:
    """Where these partitions of a schema are; one that there is not is missing."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [schema, names])
        return {name: Place(parent, oid, file) for name, parent, oid, file in cursor.fetchall()}


def take_exclusive_locks(plan: Plan, tell: Callable[[str], None]) -> int:
    """Lock what the moves need, all or nothing; returns the number of tries. Readers of the archive do not wait."""
    locks = exclusive_locks(plan)
    return lock_tables(locks, tell=tell) if locks else 0


def exclusive_locks(plan: Plan) -> list[Lock]:
    """The locks of the moves: parents first, then partitions, by name, so that no two runs meet the wrong way round."""
    moving = [part for part in plan.doing(Work.MOVE, Work.DROP) if part.years]
    parents = sorted({part.relation for part in moving})
    twins = sorted({part.table.archive_name for part in moving if part.work is Work.MOVE})
    partitions = sorted(part.partition(year, plan.ground) for part in moving for year in part.years)
    return [
        *((name, "ACCESS EXCLUSIVE") for name in parents),
        *((name, "SHARE UPDATE EXCLUSIVE") for name in twins if name not in parents),
        *((name, "ACCESS EXCLUSIVE") for name in partitions),
    ]


def move_partitions(plan: Plan) -> None:
    """Move and drop, in the plan's order."""
    with connection.cursor() as cursor:
        for part in plan.doing(Work.MOVE, Work.DROP):
            for year in part.years:
                joins = (part, year) in plan.joining()
                for statement in move_statements(part, year, plan.ground, joins=joins):
                    cursor.execute(statement)


def join_statement(part: Part, year: int, schema: str) -> sql.Composed:
    """Copy a live year's rows to the archive, which has rows of that year; the live partition is dropped later."""
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in columns_of(part.table.model))
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
        sql.Identifier(schema, part.table.archive_name),
        columns,
        columns,
        sql.Identifier(schema, partition_name(part.table.name, year)),
    )


def move_statements(part: Part, year: int, ground: Ground, *, joins: bool = False) -> list[sql.Composed]:
    """The statements that move or drop one partition; one whose rows were copied to the archive is dropped."""
    schema = ground.schema
    partition = sql.Identifier(schema, part.partition(year, ground))
    if joins:
        rest, usual = split_name(part.table.name, year), partition_name(part.table.name, year)
        rename = sql.SQL("ALTER TABLE {} RENAME TO {}").format(sql.Identifier(schema, rest), sql.Identifier(usual))
        return [sql.SQL("DROP TABLE {}").format(partition), rename]
    if part.work is Work.DROP:
        return [sql.SQL("DROP TABLE {}").format(partition)]
    live, archive = (sql.Identifier(schema, name) for name in (part.table.name, part.table.archive_name))
    return [
        sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(live, partition),
        sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})").format(archive, partition, sql.Literal(year)),
    ]


def verify_places(plan: Plan, before: Places) -> None:
    """Every partition is where it should be, and what was moved has the file that it had: no row was lost or added.

    What stays may have been rewritten meanwhile by an earlier run's follow-up; only its place is compared.

    Raises:
        VerificationError: names the partition.
    """
    after = places_of(plan)
    wanted: dict[str, Place] = {}
    for name, place in before.items():
        stays = after.get(name, place).parent == place.parent
        wanted[name] = replace(place, file=after[name].file) if name in after and stays else place
    for part in plan.doing(Work.MOVE, Work.DROP):
        for year in part.years:
            name = partition_name(part.table.name, year)
            if part.work is Work.DROP:
                wanted.pop(part.partition(year, plan.ground), None)
            elif (part, year) in plan.joining():  # the archived one takes the name of the live one, which is dropped
                wanted[name] = replace(wanted.pop(split_name(part.table.name, year)), file=after[name].file)
            else:
                wanted[name] = Place(part.table.archive_name, before[name].oid, before[name].file)
    for name in wanted.keys() | after.keys():
        if wanted.get(name) != after.get(name):
            raise VerificationError(f"partition {name} should be at {wanted.get(name)}, but is at {after.get(name)}")
