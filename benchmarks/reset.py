"""A whole reset, and the time that it keeps readers out, at several sizes with the students equal."""

import datetime as dt
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from benchmarks import reset_orm
from benchmarks.database import copy_database, drop_database, use_database
from benchmarks.measure import Result, seconds
from benchmarks.reset_data import YEAR, reset_database, the_district
from benchmarks.reset_floor import run_psql, time_bare_moves, whole_script
from resets.engine import execute
from resets.models import ResetRun, RunState

ROUNDS = 3
MOVES_PER_ROUND = 3
RESET_ON = dt.date(2026, 7, 28)
HELD = re.compile(r"exclusive locks were held for (\d+) ms")


@dataclass
class Times:
    """Seconds of one size: of each round of the product and of its floors."""

    whole: list[float] = field(default_factory=list)
    script: list[float] = field(default_factory=list)
    locked: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)


def measure(facts: list[int], *, with_orm: bool) -> Iterator[Result]:
    """The reset at each number of facts, rising; with_orm: also by chunks of ORM objects at the smallest."""
    own = str(connection.settings_dict["NAME"])
    locked: dict[int, float] = {}
    for number in facts:
        pristine = reset_database(own, number)
        times = Times()
        for _ in range(ROUNDS):
            _one_round(pristine, times)
        locked[number] = statistics.median(times.locked)
        yield from _results(number, times)
        if with_orm and number == facts[0]:
            yield reset_orm.measure(pristine, number, statistics.median(times.whole))
        for name in (f"{pristine}_product", f"{pristine}_floor"):
            drop_database(name)
    use_database(own)
    if len(facts) > 1:
        small, large = facts[0], facts[-1]
        note = f"at {large:,} facts against {small:,}, the students equal"
        yield Result("time under exclusive lock: growth", locked[large], locked[small], 1.5, note)


def _results(number: int, times: Times) -> Iterator[Result]:
    whole, script, locked, moves = (
        statistics.median(taken) for taken in (times.whole, times.script, times.locked, times.moves)
    )
    yield Result(f"a whole reset, {number:,} facts", whole, script, 1.25, "the same by hand in one psql script")
    yield Result(f"time under exclusive lock, {number:,} facts", locked, moves, None, "the bare partition moves")


def _one_round(pristine: str, times: Times) -> None:
    """The product and the floor, each on its own copy, in turn."""
    copy = copy_database(pristine, f"{pristine}_product")
    floor = copy_database(pristine, f"{pristine}_floor")
    use_database(copy)
    run = make_run()
    times.whole.append(seconds(lambda: run_reset(run)))
    times.locked.append(seconds_locked(run))
    schema = the_district().schema_name
    script = whole_script(schema)
    times.script.append(seconds(lambda: run_psql(floor, script)))
    times.moves += [time_bare_moves(floor, schema) for _ in range(MOVES_PER_ROUND)]


def make_run() -> ResetRun:
    """Ask for the reset of a copy's district."""
    return ResetRun.objects.create(
        district=the_district(),
        suite="literacy",
        school_year=YEAR,
        on=RESET_ON,
        actor="system:bench",
        created_at=dt.datetime(2026, 7, 28, 7, tzinfo=dt.UTC),
    )


def run_reset(run: ResetRun) -> None:
    """Execute a run.

    Raises:
        RuntimeError: it was not completed.
    """
    if execute(run.pk) != RunState.COMPLETED:
        run.refresh_from_db()
        raise RuntimeError(f"the reset is {run.state}: {run.error}")


def seconds_locked(run: ResetRun) -> float:
    """How long a completed run held its exclusive locks, by its own log."""
    run.refresh_from_db()
    found = [HELD.search(entry["message"]) for entry in run.log]
    return next(int(match.group(1)) for match in found if match) / 1000
