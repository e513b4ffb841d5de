"""What each item found. What was counted is kept in the cache for as long as nobody has touched the roster."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db import connection

from resets.readiness.statements import count_of
from rostering.epoch import current_epoch
from rostering.readiness import Ground, Item, Outcome, State
from tenants.schema import current_schema

KEPT_SECONDS = 10 * 60
"""Products' own tables have no epoch: what they change is seen after this at the latest."""


def outcomes(items: Iterable[Item], ground: Ground) -> list[tuple[Item, Outcome]]:
    """Each item with what it found in the entered district."""
    return [(item, outcome_of(item, ground)) for item in items]


def outcome_of(item: Item, ground: Ground, *, fresh: bool = False) -> Outcome:
    """What one item found. Before the reset and the new year's roster there is nothing to be found yet.

    Args:
        fresh: count now, whatever is kept.
    """
    if not ground.reset_done:
        return Outcome(State.NOT_YET, 0, "Comes after the reset.")
    if not ground.has_roster:
        return Outcome(State.NOT_YET, 0, "Comes with the new year's roster.")
    if item.check is not None:
        return item.check(ground)
    count, more = _look(item, ground) if fresh else _kept_look(item, ground)
    if not count:
        return Outcome(State.OK, 0, item.good + more)
    noun = item.noun[0] if count == 1 else item.noun[1]
    return Outcome(State.LOOK, count, f"{count:,} {noun} to look at.{more}")


def _kept_look(item: Item, ground: Ground) -> tuple[int, str]:
    parts = (current_schema(), item.code, ground.school_year, ground.school_id, current_epoch())
    key = "readiness:" + ":".join(map(str, parts))
    kept = cache.get(key)
    if kept is None:
        kept = _look(item, ground)
        cache.set(key, kept, KEPT_SECONDS)
    count, more = kept
    return int(count), str(more)


def _look(item: Item, ground: Ground) -> tuple[int, str]:
    """How many rows are behind an item, and the further sentence, which counts as many."""
    with connection.cursor() as cursor:
        cursor.execute(count_of(item, ground))
        count = int(cursor.fetchone()[0])
    return count, f" {item.tells(ground)}" if item.tells else ""
