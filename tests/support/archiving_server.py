"""A PostgreSQL of a test's own that archives its WAL, set up by what docs/operations.md says."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from config.embedded.accounts import private_folder
from config.embedded.binaries import postgres_folder
from config.embedded.places import locate, prepare_data
from config.embedded.postgres import SUPERUSER, Postgres
from tests.support.documented import documented, run_documented
from tests.support.waiting import wait_for


class ArchivingServer(Postgres):
    """The embedded PostgreSQL with the documented settings for archiving, below a folder `backups` of its own."""

    @property
    def backups(self) -> Path:
        """Where its backups and its archived WAL lie."""
        return self.place.home.resolve() / "backups"

    def command(self, port: int) -> list[str]:
        """Add the documented settings to the launcher's."""
        command = super().command(port)
        private_folder(self.place.account, self.backups)
        private_folder(self.place.account, self.backups / "wal")
        configured = self.folder / "postgresql.conf"
        self._write(configured, configured.read_text() + documented("archive", self.backups))
        return command

    def back_up(self, url: str) -> None:
        """Make the documented base backup."""
        with psycopg.connect(url) as connection:
            port = connection.info.port
        replication = f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{port}/postgres"
        self._documented("base backup", REPLICATION_URL=replication)

    def restore_to(self, moment: str) -> str:
        """Stop, restore the base backup to a moment as documented, and start again; returns the URL."""
        self.stop()
        shutil.rmtree(self.folder)
        private_folder(self.place.account, self.folder)
        self._documented("restore to a moment", PGDATA=str(self.folder), MOMENT=moment)
        url, _ = self.ensure()
        wait_for(lambda: _is_promoted(url))
        return url

    def _documented(self, name: str, **variables: str) -> None:
        programs = postgres_folder(self.place)
        run_documented(name, self.backups, programs=programs, account=self.place.account, **variables)


@contextmanager
def archiving_server() -> Iterator[ArchivingServer]:
    """A server that is stopped, in a folder that its account reaches; it and its folder are gone afterwards."""
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        data = Path(parent) / "data"
        prepare_data(data)
        server = ArchivingServer(locate(data, durable=False))
        try:
            yield server
        finally:
            server.stop()
            shutil.rmtree(server.place.home, ignore_errors=True)


def _is_promoted(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT NOT pg_is_in_recovery()").fetchone()
    return bool(row and row[0])
