"""Whom a disposition concerned, written down outside of the database before it commits: surrogate keys, no names.

A database that is restored from an older backup has rows again that were destroyed since. What the ledger published
says that it was done; the keys say to whom. The file is there before the commit, so that no crash loses it; one whose
entry never came is told by `replay_dispositions`, and a person decides. It is destroyed when the last backup that could
need it has aged out (BACKUP_DAYS).
"""

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from ledger.chain import moment
from ledger.places import folder_of, locked_folder, published_districts
from ledger.replaying import current_replay
from ledger.signing import Signature, canonical, is_signed, sign
from tenants import clock

FOLDER = "dispositions"
_looked_on: dict[str, dt.date] = {}


class KeysError(Exception):
    """A file of keys is not what was written; the message names it."""


class Keys(NamedTuple):
    """The students that an entry concerned."""

    district: int
    number: int
    at: str
    keys: tuple[int, ...]


def write_ahead(district_id: int, number: int, keys: Iterable[int]) -> None:
    """Write down whom the entry `number`, about to commit, concerns; of an attempt that failed before it replaces it.

    Done again after a restore from a backup, it leaves what was written first: an older backup may need all of it.

    Raises:
        OSError: the folder cannot be written to; the caller's transaction is to roll back.
    """
    if current_replay() is not None:
        return
    content = {"district": district_id, "number": number, "at": moment(clock.now()), "keys": sorted(keys)}
    signature = sign(canonical(content))
    with locked_folder(district_id) as folder:
        path = folder / FOLDER / f"{number}.json"
        path.parent.mkdir(mode=0o750, exist_ok=True)
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(canonical({**content, "key": signature.key, "signature": signature.value}))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        _sync_folder(path.parent)


def written_keys(district_id: int, number: int) -> Keys | None:
    """Whom an entry concerned; None where nothing was written, or it has aged out.

    Raises:
        KeysError: the file was changed.
    """
    path = folder_of(district_id) / FOLDER / f"{number}.json"
    if not path.exists():
        return None
    found = read_keys(path.read_bytes())
    if found is None or (found.district, found.number) != (district_id, number):
        raise KeysError(f"{FOLDER}/{number}.json of district {district_id} is not what was signed here")
    return found


def read_keys(raw: bytes) -> Keys | None:
    """The keys of a file's bytes; None where they are not what was signed here, to the last byte."""
    try:
        content = json.loads(raw)
        is_written_so = raw == canonical(content)
        signature = Signature(content.pop("key"), content.pop("signature"))
        found = Keys(content["district"], content["number"], content["at"], tuple(content["keys"]))
        return found if is_written_so and is_signed(canonical(content), signature) else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def numbers_written(district_id: int) -> list[int]:
    """The entries of a district for which keys were written, rising."""
    folder = folder_of(district_id) / FOLDER
    return sorted(int(path.stem) for path in folder.glob("*.json")) if folder.is_dir() else []


def destroy_aged() -> int:
    """Destroy the keys that no backup can need any more, once a day and process. The tick's part: adds no job."""
    now = clock.now()
    if _looked_on.get("day") == now.date():
        return 0
    oldest = moment(now - dt.timedelta(days=settings.BACKUP_DAYS))
    for path in _files():
        if json.loads(path.read_bytes()).get("at", oldest) < oldest:
            path.unlink()
    _looked_on["day"] = now.date()
    return 0


def _files() -> Iterator[Path]:
    for district_id in published_districts():
        for number in numbers_written(district_id):
            yield folder_of(district_id) / FOLDER / f"{number}.json"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
