"""PostgreSQL: made by initdb with a random password, tuned for a laptop."""

import os
import secrets
import signal
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded import binaries, files
from config.embedded.accounts import give, private_folder, run_as
from config.embedded.errors import StartError
from config.embedded.places import discard
from config.embedded.server import Identity, Server, first_number

USER = "yearturn"
"""Whom the site connects as: no superuser, so that privileges (the archive is read-only) and triggers hold for it."""
SUPERUSER = "postgres"
DATABASE = "yearturn"
ROOMY_BYTES = 512 * 1024 * 1024

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "max_locks_per_transaction": "1024",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "iso, mdy",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.english",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}
THROW_AWAY = {"fsync": "off", "full_page_writes": "off"}
"""A throw-away set survives the death of every process, only not a power cut."""


class Postgres(Server):
    """The embedded PostgreSQL."""

    name = "PostgreSQL"
    key = "postgres"
    stop_signal = signal.SIGINT  # "fast": ends sessions, checkpoints, leaves

    @property
    def superuser_file(self) -> Path:
        """Tells a folder with a superuser of its own; before, the site's user was the one that initdb made."""
        return self.place.data / "postgres.superuser"

    def url(self, port: int) -> str:
        """The DATABASE_URL."""
        return f"postgres://{USER}:{self.password}@127.0.0.1:{port}/{DATABASE}"

    def identity(self) -> Identity | None:
        """The process id and port of postmaster.pid."""
        path = self.folder / "postmaster.pid"
        pid, port = first_number(path), first_number(path, line=3)
        return Identity(pid, port) if pid and port else None

    def marker(self) -> str:
        """Its data directory, the last argument."""
        return f"-D {self.folder} "

    def last_port(self) -> int | None:
        """The port of the last start, kept beside the password: postmaster.pid goes when the server stops."""
        return first_number(self.place.data / "postgres.port")

    def answers(self, port: int) -> bool:
        """Whether the server on the port takes our password and serves our folder."""
        try:
            with self._connect(port, "postgres") as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError as error:
            return "too many clients" in str(error) or "remaining connection slots" in str(error)
        return row is not None and Path(row[0]).resolve() == self.folder

    def complete(self, port: int) -> None:
        """Make the project's database the first time."""
        try:
            with self._connect(port, "postgres") as connection:
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [USER]).fetchone():
                    with connection.transaction():
                        for statement in _make_user(self.password):
                            connection.execute(statement.as_string())
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                    connection.execute(f"CREATE DATABASE {DATABASE} OWNER {USER}")
        except psycopg.OperationalError as error:
            if "clients" not in str(error) and "connection slots" not in str(error):
                raise StartError(self.name, str(error)) from error

    def without_password(self) -> None:
        """Refuse to go on when there is data that nobody can reach any more."""
        if (self.folder / "PG_VERSION").exists():
            raise StartError(self.name, f"{self.password_file} is lost; put it back, or `make clean` to start anew")

    def command(self, port: int) -> list[str]:
        """The server's command, with the folder made and configured."""
        programs = binaries.postgres_folder(self.place)
        if not (self.folder / "PG_VERSION").exists():
            self._initialise(programs)
        self._check_version(programs)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)  # nothing of it lives: the lock is ours
        settings = {**SETTINGS, **_shared_memory(), **({} if self.place.durable else THROW_AWAY), "port": str(port)}
        text = "# Written at each start by config.embedded.\n"
        text += "".join(f"{key} = '{value}'\n" for key, value in settings.items())
        self._write(self.folder / "postgresql.conf", text)
        files.write_private(self.place.data / "postgres.port", str(port))
        return [str(programs / "postgres"), "-D", str(self.folder), "-p", str(port)]

    def _connect(self, port: int, database: str) -> psycopg.Connection[tuple[str, ...]]:
        return psycopg.connect(
            host="127.0.0.1",
            port=port,
            user=SUPERUSER if self.superuser_file.exists() else USER,
            password=self.password,
            dbname=database,
            connect_timeout=5,
            autocommit=True,
            application_name="yearturn launcher",
        )

    def _initialise(self, programs: Path) -> None:
        """Make the data directory aside and move it into place, so that a crash leaves a whole one or none."""
        fresh = self.folder.with_name("postgres.new")
        discard(fresh)
        private_folder(self.place.account, fresh)
        secret = fresh.with_name(f"postgres.init.{secrets.token_hex(4)}")
        try:
            self._write(secret, self.password)
            done = run_as(self.place.account, _initdb(programs, fresh, secret, durable=self.place.durable))
        finally:
            secret.unlink(missing_ok=True)
        if done.returncode != 0:
            raise StartError(self.name, f"initdb failed:\n{done.stdout.strip()}")
        files.write_private(self.superuser_file, SUPERUSER)
        self.folder.rmdir()
        fresh.rename(self.folder)

    def _check_version(self, programs: Path) -> None:
        """Refuse a folder of another major version in words."""
        made = (self.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        version = run_as(self.place.account, [str(programs / "postgres"), "--version"]).stdout.split()[-1]
        if version.partition(".")[0] != made:
            advice = "dump it with that version, or `make clean` to start anew"
            raise StartError(self.name, f"the data in {self.folder} is of version {made}, not {version}: {advice}")

    def _write(self, path: Path, text: str) -> None:
        """Write a file that belongs to the server's account."""
        files.write_private(path, text)
        give(self.place.account, path)


def _initdb(programs: Path, folder: Path, secret: Path, *, durable: bool) -> list[str]:
    """The command that makes a data directory: UTF-8, the builtin C.UTF-8 locale, passwords for everybody."""
    return [
        str(programs / "initdb"),
        f"--pgdata={folder}",
        f"--username={SUPERUSER}",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]


def _make_user(password: str) -> tuple[sql.Composable, ...]:
    """The site's user. It may do what its tests ask for beyond a plain owner's rights."""
    user = sql.Identifier(USER)
    create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(user, sql.Literal(password))
    grants = (
        sql.SQL("GRANT pg_checkpoint, pg_read_all_settings TO {}").format(user),
        sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(user),
    )
    return create, *grants


def _shared_memory() -> dict[str, str]:
    """Keep parallel queries out of a small /dev/shm, as containers have it."""
    try:
        status = os.statvfs("/dev/shm")  # noqa: S108 - only its size is asked
    except OSError:
        return {}
    roomy = status.f_bavail * status.f_frsize >= ROOMY_BYTES
    return {} if roomy else {"dynamic_shared_memory_type": "mmap"}
