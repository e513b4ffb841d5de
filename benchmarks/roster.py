"""A roster's first load, the same bundle again, and a night on which one per cent changed."""

import csv
import datetime as dt
import hashlib
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from psycopg import sql

from benchmarks.database import connect, found_district
from benchmarks.measure import Result, interleaved, seconds
from benchmarks.roster_bundle import Size, write_bundle
from rostering.models import Sync, SyncState
from rostering.services import import_bundle
from tenants.models import District
from tenants.schema import enter_district

AS_OF = dt.date(2025, 9, 1)
BLOCK = 1 << 20
FIRST_LOADS = 2


def measure(users: int) -> Iterator[Result]:
    """The three, with a bundle of so many users."""
    folder = Path(tempfile.mkdtemp(prefix="yearturn-bench-"))
    try:
        bundle = write_bundle(folder / "bundle", Size(users))
        changed = write_bundle(folder / "changed", Size(users, changed=1))
        yield from _measure(users, bundle, changed)
    finally:
        shutil.rmtree(folder)


def _measure(users: int, bundle: Path, changed: Path) -> Iterator[Result]:
    districts = iter([found_district(f"roster-{number}") for number in range(FIRST_LOADS)])
    loaded: list[District] = []

    def load_first() -> None:
        loaded.append(next(districts))
        load(loaded[-1], bundle, SyncState.APPLIED)

    value, copy = interleaved(load_first, lambda: copy_files(bundle), FIRST_LOADS)
    size = f"{users:,} users, {users * 3:,} enrollments"
    yield Result("roster, first load", value, copy, 12.0, f"{size}; COPY of the files into bare unlogged tables")
    district = loaded[-1]
    value, floor = interleaved(
        lambda: load(district, bundle, SyncState.UNCHANGED), lambda: hash_files(bundle), rounds=3
    )
    yield Result("roster, the same bundle again", value, floor, 2.0, "reading and hashing the files")
    values, floors = [], []
    for night in (changed, bundle, changed):
        values.append(seconds(lambda night=night: load(district, night, SyncState.APPLIED)))  # type: ignore[misc]
        floors.append(seconds(lambda night=night: copy_files(night)))  # type: ignore[misc]
    value, copy = statistics.median(values), statistics.median(floors)
    yield Result("roster, one per cent changed", value, copy, 3.0, "COPY of the files, as above")


def load(district: District, bundle: Path, expected: SyncState) -> Sync:
    """Import a bundle into a district.

    Raises:
        RuntimeError: the sync ended in another state than expected.
    """
    with enter_district(district):
        sync = import_bundle(bundle, source="command", actor="system:bench", as_of=AS_OF)
    if sync.state != expected:
        raise RuntimeError(f"the sync is {sync.state}, not {expected}: {sync.note} {sync.counts}")
    return sync


def copy_files(bundle: Path) -> None:
    r"""The floor: `\copy` of each file into a bare unlogged table with one text column per field, in one go."""
    with connect() as session:
        session.execute("DROP SCHEMA IF EXISTS bench_floor CASCADE; CREATE SCHEMA bench_floor")
        for path in sorted(bundle.glob("*.csv")):
            with path.open(newline="") as file:
                header = next(csv.reader(file))
            table = sql.Identifier("bench_floor", path.stem)
            columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in header)
            session.execute(sql.SQL("CREATE UNLOGGED TABLE {} ({})").format(table, columns))
            into = sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER)").format(table)
            with path.open("rb") as raw, session.cursor().copy(into) as copy:
                while block := raw.read(BLOCK):
                    copy.write(block)


def hash_files(bundle: Path) -> None:
    """The floor of an unchanged night: reading and hashing."""
    for path in sorted(bundle.glob("*.csv")):
        with path.open("rb") as raw:
            hashlib.file_digest(raw, "sha256").hexdigest()
