"""One migration over many districts: run for real in the first, replayed as SQL in the others."""

import enum
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connection
from django.db.migrations.migration import Migration
from django_tenants.utils import schema_context

from tenants.errors import describe_error
from tenants.migrating.capture import migrate_schema
from tenants.migrating.district import is_replayable, migrate_really, replay_in
from tenants.migrating.state import Key, State, digest_of, known_migrations, states_of
from tenants.migrating.template import SEPARATOR, current_template, find_template, keep_template
from tenants.models import District


class How(enum.StrEnum):
    """What happened to a district's schema."""

    CURRENT = "nothing to do"
    MIGRATED = "migrated"
    REPLAYED = "replayed"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What happened to one district; `error` is empty unless it failed."""

    slug: str
    schema: str
    how: How
    error: str = ""


def migrate_districts(*, parallel: int = 1) -> list[Outcome]:
    """Bring every district's schema up to the code's migrations, and have the template ready for new ones.

    Districts that stand at the same state form a group. In the first of a group the pending migrations run for real and
    their SQL is captured; the others replay it, each in its own transaction under the district's lock. Migrations
    that work on data run for real in every district. A failure in one district leaves the others alone.

    Args:
        parallel: how many connections replay at once.
    """
    with schema_context("public"):
        rows = list(District.objects.filter(removed_at=None).order_by("pk"))
        states = states_of([row.schema_name for row in rows])
    known = known_migrations()
    groups: defaultdict[State, list[District]] = defaultdict(list)
    for row in rows:
        groups[states[row.schema_name]].append(row)
    outcomes: list[Outcome] = []
    for state, members in groups.items():
        outcomes += _bring_up(members, state, known, parallel)
    current_template()
    return outcomes


def _bring_up(members: list[District], state: State, known: dict[Key, Migration], parallel: int) -> list[Outcome]:
    """Bring the districts that stand at one state up to date."""
    missing = [migration for key, migration in known.items() if key not in state]
    if not missing:
        return [_outcome(member, How.CURRENT) for member in members]
    if not all(migration.atomic for migration in missing):  # an index built CONCURRENTLY: no transaction, no lock
        return [_attempt(member, How.MIGRATED, lambda one: migrate_schema(one.schema_name)) for member in members]
    if not all(is_replayable(migration) for migration in missing):
        return [_attempt(member, How.MIGRATED, lambda one: migrate_really(one, state)) for member in members]
    return _migrate_one_replay_others(members, state, known, parallel)


def _migrate_one_replay_others(
    members: list[District], state: State, known: dict[Key, Migration], parallel: int
) -> list[Outcome]:
    captured: list[str] = []
    outcomes: list[Outcome] = []
    rest = iter(members)
    for member in rest:  # until one succeeds: those before it have failed on something of their own
        outcomes.append(_attempt(member, How.MIGRATED, lambda one: captured.append(migrate_really(one, state))))
        if any(captured):
            break
    statements = next(filter(None, captured), "")
    if not statements:
        return outcomes
    before = find_template(digest_of(state, known))
    if before is not None:  # what is now pending, after what was there before, is what a new district needs
        keep_template(digest_of(known, known), before.statements + SEPARATOR + statements)
    return outcomes + _replay_all(list(rest), state, statements, parallel)


def _replay_all(members: list[District], state: State, statements: str, parallel: int) -> list[Outcome]:
    def one(member: District) -> Outcome:
        return _attempt(member, How.REPLAYED, lambda row: replay_in(row, state, statements))

    def lot_of(number: int) -> list[Outcome]:
        try:
            return [one(member) for member in members[number::parallel]]
        finally:
            connection.close()  # each thread has its own

    if parallel <= 1 or len(members) <= 1:
        return [one(member) for member in members]
    with ThreadPoolExecutor(parallel) as pool:
        return [outcome for lot in pool.map(lot_of, range(parallel)) for outcome in lot]


def _attempt(member: District, how: How, work: Callable[[District], object]) -> Outcome:
    try:
        work(member)
    except Exception as error:  # whatever it is, the other districts go on, and this one is named
        return _outcome(member, How.FAILED, describe_error(error))
    return _outcome(member, how)


def _outcome(member: District, how: How, error: str = "") -> Outcome:
    return Outcome(member.slug, member.schema_name, how, error)
