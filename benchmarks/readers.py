"""What readers feel while a reset commits, alone and behind somebody who reads for long."""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from benchmarks.database import connect, copy_database, drop_database, use_database
from benchmarks.measure import Result
from benchmarks.reset import make_run, run_reset
from benchmarks.reset_data import STUDENTS, reset_database, the_district
from resets.engine import events

READERS = 2
ALONE_SECONDS = 3.0
LONG_READER_SECONDS = 4.0
BETWEEN_READS_SECONDS = 0.002
MOST_SECONDS = 0.1
PAGE = "SELECT * FROM literacy_benchmark WHERE student_id = %s ORDER BY occurred_on DESC"
Work = Callable[[], object]


class Reading:
    """Threads that read students' benchmarks over connections of their own, each read timed."""

    def __init__(self, schema: str) -> None:
        self.reads: list[tuple[float, float]] = []
        """(when it began, how long it took), in seconds."""
        self._schema = schema
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=[seed]) for seed in range(READERS)]

    def during(self, work: Work) -> list[float]:
        """Read while the work is done; returns how long each read took."""
        for thread in self._threads:
            thread.start()
        try:
            work()
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()
        return [taken for _, taken in self.reads]

    def _read(self, seed: int) -> None:
        dice = random.Random(seed)
        with connect() as session:
            session.execute(f"SET search_path = {self._schema}")
            while not self._stop.wait(BETWEEN_READS_SECONDS):
                started = time.perf_counter()
                session.execute(PAGE, [dice.randint(1, STUDENTS)]).fetchall()
                self.reads.append((started, time.perf_counter() - started))


def measure(facts: int) -> Iterator[Result]:
    """The 99th percentile of a student's page while a reset of so many facts commits."""
    own = str(connection.settings_dict["NAME"])
    pristine = reset_database(own, facts)
    copy = f"{pristine}_read"
    for name, blocked in (("readers while a reset commits", False), ("the same behind one long reader", True)):
        use_database(copy_database(pristine, copy))
        yield _measure(f"{name}, {facts:,} facts", blocked=blocked)
    drop_database(copy)
    use_database(own)


def _measure(name: str, *, blocked: bool) -> Result:
    schema, run = the_district().schema_name, make_run()
    alone = Reading(schema).during(lambda: time.sleep(ALONE_SECONDS))
    committing = Reading(schema)
    with _commit_watched(committing, schema, blocked=blocked) as began:
        committing.during(lambda: run_reset(run))
    reads = [taken for started, taken in committing.reads if started + taken >= began[0]]
    run.refresh_from_db()
    note = (
        f"99th percentile of {len(reads):,} reads from the wait for the locks on, longest {max(reads) * 1000:.0f} ms; "
        f"alone {_percentile(alone) * 1000:.1f} ms; locks had in try {run.evidence['lock_tries']}"
    )
    return Result(name, _percentile(reads), None, MOST_SECONDS, note)


@contextmanager
def _commit_watched(reading: Reading, schema: str, *, blocked: bool) -> Iterator[list[float]]:
    """Note when the reset begins to wait for its exclusive locks; with `blocked`, have somebody read from then on."""
    began: list[float] = []
    long_reader = threading.Thread(target=_read_for_long, args=[schema])

    def watch(point: str) -> None:
        if point == "recorded":
            began.append(time.perf_counter())
            if blocked:
                long_reader.start()
                time.sleep(0.2)  # it has its lock when the reset asks
        if point == "committed":
            time.sleep(1.0)  # so that reads after the commit are among those that are counted

    events.listen(watch)
    try:
        yield began
    finally:
        events._listeners.remove(watch)
        if blocked:
            long_reader.join()


def _read_for_long(schema: str) -> None:
    with connect() as session, session.transaction():
        session.execute(f"SELECT count(*) FROM {schema}.literacy_benchmark WHERE student_id = 1")
        time.sleep(LONG_READER_SECONDS)


def _percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]
