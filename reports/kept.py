"""Files with students' data that are kept for people to fetch: year packages, prepared reports.

Whoever keeps one writes down beside it whose data is in it, by surrogate key. When a student is destroyed or
anonymized, each keeper is asked in that transaction (`register_keeper`), and destroys what holds any of them: the file
goes with the commit, and if that is interrupted by a job that is repeated until it is gone.
"""

import array
import datetime as dt
import shutil
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from tenants.jobs.services import enqueue_job
from tenants.models import District, Job

REMOVE: Final = "remove_kept"
"""The kind of the jobs that remove a folder."""
KEY: Final = "q"


@dataclass(frozen=True)
class Erased:
    """Who was destroyed or anonymized.

    Attributes:
        keys: the surrogate keys that they had, also those that were merged into theirs.
        entry: the number of the ledger entry that records it.
    """

    keys: frozenset[int]
    actor: str
    at: dt.datetime
    entry: int


Keeper = Callable[[District, Erased], None]
_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Add a function that destroys what it keeps of the entered district with data of any of the erased.

    It is called inside the transaction of the erasure, which holds the district's lock; what it raises undoes that.
    """
    if keeper not in _keepers:
        _keepers.append(keeper)


def keepers() -> tuple[Keeper, ...]:
    """The registered keepers."""
    return tuple(_keepers)


def write_keys(path: Path, keys: Iterable[int]) -> None:
    """Write down whose data a file holds."""
    found = array.array(KEY, sorted(set(keys)))
    if sys.byteorder == "big":
        found.byteswap()
    path.write_bytes(found.tobytes())


def holds_any(path: Path, keys: Iterable[int]) -> bool:
    """Whether a list of keys has any of these. One that is missing or torn counts as if it had."""
    found = array.array(KEY)
    try:
        found.frombytes(path.read_bytes())
    except (OSError, ValueError):
        return True
    if sys.byteorder == "big":
        found.byteswap()
    for key in keys:
        place = bisect_left(found, key)
        if place < len(found) and found[place] == key:
            return True
    return False


def remove_after_commit(district: District, folder: Path, at: dt.datetime) -> None:
    """Remove a folder below the district's own when the caller's transaction commits, whatever happens then.

    Raises:
        ValueError: it lies elsewhere.
    """
    inside = folder.relative_to(_root(district))
    enqueue_job(district, REMOVE, str(inside)[:120], due_at=at, payload={"folder": str(inside)})
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))


def remove_kept(district: District, job: Job) -> None:
    """Remove such a folder, if it is still there."""
    root = _root(district).resolve()
    folder = (root / str(job.payload["folder"])).resolve()
    if folder.is_relative_to(root) and folder != root and folder.exists():
        shutil.rmtree(folder)


def _root(district: District) -> Path:
    return Path(settings.MEDIA_ROOT) / str(district.schema_name)
