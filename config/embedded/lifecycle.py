"""Start, reuse and stop a set of services, whoever else uses it."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from config.embedded import claims, files
from config.embedded.errors import NotAnsweringError
from config.embedded.places import Place, abandoned, data_folder, discard, locate, prepare_data
from config.embedded.postgres import Postgres
from config.embedded.server import Server
from config.embedded.valkey import Valkey


@dataclass(frozen=True)
class Services:
    """Where the services answer."""

    database_url: str
    redis_url: str
    owned: bool
    """Whether this call started any of them."""
    data: Path | None = None
    """The data folder of the embedded ones; none when the environment names both services."""
    claim: int | None = None
    """An open file that a child process inherits to go on claiming the services."""

    def environment(self) -> dict[str, str]:
        """The variables that settings read."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


@dataclass(frozen=True)
class Status:
    """What runs now."""

    data: Path
    postgres: int | None
    """PostgreSQL's process id."""
    valkey: int | None
    kept: bool
    """Whether they stay when nobody uses them."""
    users: list[int]
    """The processes that use them."""


@contextmanager
def services(data: Path | None = None, *, durable: bool = True) -> Iterator[Services]:
    """The services, started or reused; the last user stops what was not started to stay.

    DATABASE_URL and REDIS_URL each replace their service.
    """
    if given := _from_environment():
        yield given
        return
    data = data or data_folder()
    prepare_data(data)
    with files.locked(data / "services.lock"):
        claim = claims.take(data)
        try:
            running = _start(_open(data, durable=durable))
        except NotAnsweringError:
            claim.release()
            raise
        except BaseException:
            _leave(data, claim)
            raise
    owner = os.getpid()
    try:
        yield replace(running, claim=claim.descriptor)
    finally:
        if os.getpid() == owner:  # a fork that falls out of the block stops nothing
            with files.locked(data / "services.lock"):
                _leave(data, claim)


@contextmanager
def scratch_services(parent: Path | None = None) -> Iterator[Services]:
    """A new empty set for one run, thrown away after it, with those that killed runs left in the same folder."""
    if given := _from_environment():
        yield given
        return
    parent = parent or data_folder()
    prepare_data(parent)
    with ExitStack() as stack:
        with files.locked(parent / "services.lock"):
            for left in parent.glob("run-*"):
                if not claims.living(left):
                    remove(left)
            data = parent / f"run-{secrets.token_hex(4)}"
            stack.callback(_remove_scratch, os.getpid(), data)
            running = stack.enter_context(services(data, durable=False))
        yield running


def ensure(data: Path | None = None) -> Services:
    """Start the services to stay until `stop`."""
    if given := _from_environment():
        return given
    data = data or data_folder()
    prepare_data(data)
    with files.locked(data / "services.lock"):
        place = _open(data)
        running = _start(place)
        place.kept.touch(mode=files.OWNER_ONLY)
    return running


def stop(data: Path | None = None, *, force: bool = False) -> list[int]:
    """Stop the services, unless others use them: then the last of these will. Gives the others' process ids.

    Args:
        data: the data folder, if not the usual one.
        force: stop them whoever uses them.
    """
    data = data or data_folder()
    if not data.exists():
        return []
    prepare_data(data)
    with files.locked(data / "services.lock"):
        place = _open(data)
        place.kept.unlink(missing_ok=True)
        users = [] if force else claims.living(data)
        if not users:
            _stop(place)
    return users


def status(data: Path | None = None) -> Status:
    """What runs now, and for whom."""
    data = data or data_folder()
    if not data.exists():
        return Status(data, None, None, kept=False, users=[])
    prepare_data(data)
    with files.locked(data / "services.lock"):
        place = _open(data)
        found = [server.living() for server in (Postgres(place), Valkey(place))]
        pids = [identity.pid if identity else None for identity in found]
        return Status(data, pids[0], pids[1], kept=place.kept.exists(), users=claims.living(data))


def remove(data: Path | None = None) -> None:
    """Stop the services and delete the data folder with all that belongs to it elsewhere."""
    data = data or data_folder()
    stop(data, force=True)
    if not data.exists():
        return
    home = locate(data).home
    if home != data:
        discard(home)
    shutil.rmtree(data)


def _remove_scratch(owner: int, data: Path) -> None:
    """Remove a throw-away set, but only in the process that made it, and while nobody sweeps."""
    if os.getpid() == owner:
        with files.locked(data.parent / "services.lock"):
            remove(data)


def _from_environment() -> Services | None:
    """The services that the environment names, if it names both."""
    database, redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    return Services(database, redis, owned=False) if database and redis else None


def _open(data: Path, *, durable: bool = True) -> Place:
    """The place of a data folder, after ending and deleting what a deleted data folder left elsewhere."""
    for left in abandoned(data):
        old = Place(left, left, None)
        for server in (Postgres(old), Valkey(old)):
            server.stop()
        discard(left)
    return locate(data, durable=durable)


def _start(place: Place) -> Services:
    """Start or reuse each service that the environment does not name, and note where they answer."""
    owned = False
    urls: dict[str, str] = {}
    wanted: list[tuple[str, type[Server]]] = [("DATABASE_URL", Postgres), ("REDIS_URL", Valkey)]
    for variable, kind in wanted:
        if given := os.environ.get(variable):
            urls[variable] = given
        else:
            urls[variable], started = kind(place).ensure()
            owned = owned or started
    note = {"database_url": urls["DATABASE_URL"], "redis_url": urls["REDIS_URL"]}
    files.write_private(place.state, json.dumps(note, indent=2) + "\n")
    return Services(urls["DATABASE_URL"], urls["REDIS_URL"], owned, place.data)


def _leave(data: Path, claim: claims.Claim) -> None:
    """Give a claim up, and stop the services if it was the last and they were not started to stay."""
    claim.release()
    if not data.exists():
        return
    place = _open(data)
    if not place.kept.exists() and not claims.living(data):
        _stop(place)


def _stop(place: Place) -> None:
    """Stop both servers."""
    for server in (Valkey(place), Postgres(place)):
        server.stop()
    place.state.unlink(missing_ok=True)
