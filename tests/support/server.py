"""The server's databases: the migrated template, each worker's copy of it, and what killed runs left."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
SHAPES = ("migrations/*.py", "models*.py", "facts.py", "partitions.py", "signals.py", "receivers*.py")
"""Files that decide what the template holds; besides them all of tenants/, and this folder."""
TEMPLATE = "yt_template_"
COPY = "yt_copy_"


def tree_digest() -> str:
    """Names the template that today's tree makes."""
    files = {path for pattern in SHAPES for path in ROOT.glob(f"*/**/{pattern}") if ".venv" not in path.parts}
    files |= set((ROOT / "tenants").rglob("*.py")) | set((ROOT / "config/settings").glob("*.py")) | {ROOT / "uv.lock"}
    files |= set((ROOT / "products/partitions").rglob("*.py"))  # what provisioning adds to a schema
    files |= {ROOT / "tests/support/server.py", ROOT / "tests/support/districts.py"}
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Server:
    """The PostgreSQL server, through one connection to the database that DATABASE_URL names.

    That connection holds advisory locks, one per database in use: what is not locked belongs to nobody who lives.
    """

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True, application_name="yearturn tests")

    def close(self) -> None:
        """Give up every lock."""
        self.connection.close()

    def databases(self, prefix: str) -> list[str]:
        """The databases whose names begin so."""
        rows = self.connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        return [str(row[0]) for row in rows]

    def create(self, name: str) -> None:
        """Make an empty database."""
        self._run("CREATE DATABASE {} TEMPLATE template0", name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it.

        Without FORCE first: that ends an autovacuum, which nobody but a superuser may do by force.
        """
        try:
            self._run("DROP DATABASE IF EXISTS {}", name)
        except psycopg.errors.ObjectInUse:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def drop_leftovers(self, digest: str) -> None:
        """Drop the copies of killed runs, and the templates of other trees that nobody uses."""
        unfinished = [name for name in self.databases(TEMPLATE) if not name.endswith(digest)]
        for name in self.databases(COPY) + unfinished:
            if self._try_lock(name):
                self.drop(name)
                self._unlock(name)

    def make_template(self, digest: str, fill: Callable[[str], None]) -> str:
        """The template of a digest, made first by `fill(name)` if it is not there; the caller shares its lock."""
        name = TEMPLATE + digest
        with self._locked(name):
            if name not in self.databases(name):
                building = f"{name}_building"  # a killed run leaves this, which the next one drops
                with self._locked(building):  # or another worker that starts takes it for such a leftover
                    self.drop(building)
                    self.create(building)
                    fill(building)
                    self._run("ALTER DATABASE {} RENAME TO {}", building, name)
        self._execute("SELECT pg_advisory_lock_shared(hashtext(%s))", name)
        return name

    def copy(self, template: str) -> str:
        """A new database like the template, locked until this connection closes."""
        name = f"{COPY}{os.getpid()}_{secrets.token_hex(4)}"
        self._execute("SELECT pg_advisory_lock(hashtext(%s))", name)
        with self._locked(f"{template} copying"):  # a template may be copied by one at a time
            self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        return name

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        self._execute("SELECT pg_advisory_lock(hashtext(%s))", name)
        try:
            yield
        finally:
            self._unlock(name)

    def _try_lock(self, name: str) -> bool:
        row = self.connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone()
        return bool(row and row[0])

    def _unlock(self, name: str) -> None:
        with contextlib.suppress(psycopg.OperationalError):
            self._execute("SELECT pg_advisory_unlock(hashtext(%s))", name)

    def _execute(self, query: str, name: str) -> None:
        self.connection.execute(query.encode(), [name])

    def _run(self, query: str, *names: str) -> None:
        self.connection.execute(sql.SQL(query).format(*[sql.Identifier(name) for name in names]))  # type: ignore[arg-type]
