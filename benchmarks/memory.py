"""Peak memory of the worker's process during the large jobs, at two sizes: it must not grow with the district.

Each measurement is a process of its own (`python -m benchmarks.memory reset DATABASE`), which does one job and prints
the most memory that it ever held.
"""

import argparse
import datetime as dt
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.db import connection

if TYPE_CHECKING:
    from benchmarks.measure import Result

BAR = 1.3
SMALLER = 10
"""The smaller bundle and file have this part of the larger one's rows."""
LOADED_ROWS = 200_000


def measure(users: int, facts: list[int]) -> "Iterator[Result]":
    """Import, load and reset, each at a smaller and a larger size."""
    from benchmarks.database import found_district, use_database  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="yearturn-bench-"))
    own = str(connection.settings_dict["NAME"])
    try:
        for number in (users // SMALLER, users):
            found_district(f"memory-{number}")
        yield _imports(folder, own, users)
        yield _loads(folder, own, users)
        yield _resets(own, facts)
    finally:
        shutil.rmtree(folder)
        use_database(own)


def _imports(folder: Path, database: str, users: int) -> "Result":
    from benchmarks.roster_bundle import Size, write_bundle  # noqa: PLC0415

    peaks = []
    for number in (users // SMALLER, users):
        bundle = write_bundle(folder / f"bundle-{number}", Size(number))
        peaks.append(_peak("import", database, f"memory-{number}", str(bundle)))
    return _result("importing a roster", f"{users:,} users against {users // SMALLER:,}", peaks)


def _loads(folder: Path, database: str, users: int) -> "Result":
    """Files of usage for the students of the larger bundle."""
    peaks = []
    for rows in (LOADED_ROWS // SMALLER, LOADED_ROWS):
        path = folder / f"usage-{rows}.csv"
        _write_usage(path, rows, users)
        peaks.append(_peak("load", database, f"memory-{users}", str(path)))
    return _result("loading product data", f"{LOADED_ROWS:,} rows against {LOADED_ROWS // SMALLER:,}", peaks)


def _write_usage(path: Path, rows: int, users: int) -> None:
    from benchmarks.roster_bundle import Size  # noqa: PLC0415

    students = Size(users).students
    with path.open("w") as out:
        out.write("event_id,student_id,product,occurred_on,minutes,sessions\n")
        for number in range(rows):
            student = 900000000 + number * 7919 % students
            out.write(f"{rows}-{number},{student},language_literacy,2025-08-20,{number % 90},1\n")


def _resets(own: str, facts: list[int]) -> "Result":
    from benchmarks.database import copy_database, drop_database  # noqa: PLC0415
    from benchmarks.reset_data import SLUG, reset_database  # noqa: PLC0415

    sizes = [facts[0], facts[-1]]
    if len(facts) == 1:
        sizes[0] = facts[0] // SMALLER
    peaks = []
    for number in sizes:
        pristine = reset_database(own, number)
        copy = copy_database(pristine, f"{pristine}_memory")
        peaks.append(_peak("reset", copy, SLUG, ""))
        drop_database(copy)
    return _result("resetting", f"{sizes[1]:,} facts against {sizes[0]:,}", peaks)


def matching_peaks(small: str, large: str, sizes: str) -> "Result":
    """Matching an import, in a district and in a larger one, both filled in the database that is in use."""
    database = str(connection.settings_dict["NAME"])
    return _result("matching", sizes, [_peak("match", database, slug, "") for slug in (small, large)])


def _result(work: str, sizes: str, peaks: list[float]) -> "Result":
    from benchmarks.measure import Result  # noqa: PLC0415

    return Result(f"peak memory, {work}", peaks[1], peaks[0], BAR, sizes, unit="MB")


def _peak(job: str, database: str, slug: str, path: str) -> float:
    """Megabytes that a process of its own held at most while it did a job.

    Raises:
        CalledProcessError: the job failed; its words are on standard error.
    """
    command = [sys.executable, "-m", "benchmarks.memory", job, database, slug, path]
    return float(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout)


def _do(job: str, slug: str, path: str) -> None:
    from benchmarks.matching import analyze  # noqa: PLC0415
    from benchmarks.reset import make_run, run_reset  # noqa: PLC0415
    from products.loader.services import load_product_data  # noqa: PLC0415
    from rostering.services import import_bundle  # noqa: PLC0415
    from tenants.models import District  # noqa: PLC0415
    from tenants.schema import enter_district  # noqa: PLC0415

    if job == "reset":
        run_reset(make_run())
        return
    if job == "match":
        analyze(District.objects.get(slug=slug))
        return
    with enter_district(District.objects.get(slug=slug)):
        if job == "import":
            sync = import_bundle(path, source="command", actor="system:bench", as_of=dt.date(2025, 9, 1))
            if sync.state != "applied":
                raise RuntimeError(f"the sync is {sync.state}: {sync.note}")
        else:
            loaded = load_product_data("literacy", "usage", path, actor="system:bench", as_of=dt.date(2025, 9, 1))
            if loaded.state != "applied":
                raise RuntimeError(f"the file is {loaded.state}: {loaded.errors[:3]}")


def peak_of_this_process() -> float:
    """Megabytes. On Linux `ru_maxrss` would still hold what the parent had when it forked."""
    status = Path("/proc/self/status")
    if status.exists():
        peaks = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(peaks[0]) / 1024
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main() -> None:
    """Do one job and print the peak of the resident memory in megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=["import", "load", "reset", "match"])
    for name in ("database", "slug", "path"):
        parser.add_argument(name)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.bench")
    django.setup()
    connection.settings_dict["NAME"] = given.database
    _do(given.job, given.slug, given.path)
    print(peak_of_this_process())


if __name__ == "__main__":
    main()
