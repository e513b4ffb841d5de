"""After a crash at any moment the next start works, and reuses what still runs."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import psycopg

from config import embedded
from tests.embedded import sets


def test_postgres_killed_while_a_session_is_at_work_comes_back_with_its_data(data: Path) -> None:
    url = embedded.ensure(data).database_url
    sets.query(url, "DROP TABLE IF EXISTS kept")
    sets.query(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    ended = threading.Thread(target=_work_until_cut_off, args=(url,))
    ended.start()
    sets.until(lambda: sets.query(url, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%busy%'") == "2")
    before = sets.server_pid(data, "postgres")
    valkey = sets.server_pid(data, "valkey")
    sets.kill(before)

    with embedded.services(data) as found:
        assert found.owned
        assert sets.query(found.database_url, "SELECT answer FROM kept") == "42"
        assert sets.server_pid(data, "postgres") != before
        assert sets.server_pid(data, "valkey") == valkey
    ended.join(timeout=10)
    assert not ended.is_alive()


def _work_until_cut_off(url: str) -> None:
    """A query that never looks up: its backend outlives the postmaster."""
    try:
        sets.query(url, "SELECT count(*) /* busy */ FROM generate_series(1, 1000000000) a, generate_series(1, 1000) b")
    except psycopg.OperationalError:
        return


def test_valkey_killed_comes_back_with_what_it_accepted(data: Path) -> None:
    found = embedded.ensure(data)
    with sets.broker(found.redis_url) as client:
        client.set("kept", "42")
    postgres = sets.server_pid(data, "postgres")
    sets.kill(sets.server_pid(data, "valkey"))

    with embedded.services(data) as again:
        assert again.owned
        with sets.broker(again.redis_url) as client:
            assert client.get("kept") == "42"
        assert sets.server_pid(data, "postgres") == postgres


def test_launcher_killed_leaves_services_that_the_next_user_reuses_and_stops(data: Path) -> None:
    with sets.user(data) as launcher:
        pids = [sets.server_pid(data, name) for name in ("postgres", "valkey")]
        sets.kill(launcher.pid)
    assert all(map(sets.runs, pids))

    with embedded.services(data) as found:
        assert not found.owned
        assert [sets.server_pid(data, name) for name in ("postgres", "valkey")] == pids
        assert sets.query(found.database_url, "SELECT 1") == "1"
    assert not any(map(sets.runs, pids))


def test_command_outlives_its_killed_launcher_and_keeps_the_services(data: Path) -> None:
    script = "echo ready; exec sleep 60 >/dev/null"
    with sets.program(data, "-m", "config.embedded", "run", "--", "sh", "-c", script) as launcher:
        child = int(Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children").read_text().split()[0])
        sets.kill(launcher.pid)
    try:
        with embedded.services(data) as found:
            assert not found.owned
        assert embedded.status(data).postgres
        assert embedded.status(data).users == [launcher.pid]
    finally:
        os.kill(child, signal.SIGKILL)


def test_pid_files_that_name_a_stranger_after_a_reboot(data: Path) -> None:
    with embedded.services(data):
        pass
    (data / "services.json").write_text("not even JSON")
    with subprocess.Popen(["sleep", "60"]) as stranger:
        port = (data / "postgres.port").read_text()
        pid_file = f"{stranger.pid}\n{data}/postgres\n1\n{port}\n\n127.0.0.1\n1 1\nready\n"
        (data / "postgres" / "postmaster.pid").write_text(pid_file)
        (data / "valkey" / "valkey.pid").write_text(f"{stranger.pid}\n")
        with embedded.services(data) as found:
            assert found.owned
            assert sets.query(found.database_url, "SELECT 1") == "1"
        assert stranger.poll() is None
        stranger.kill()


def test_start_cut_short_while_the_folder_is_made(fresh: Path) -> None:
    fresh.mkdir(mode=0o711)
    (fresh / "postgres.new").mkdir()
    (fresh / "postgres.new" / "half").write_text("")
    with embedded.services(fresh) as found:
        assert sets.query(found.database_url, "SELECT 1") == "1"


def test_lost_broker_password_gets_a_new_one(data: Path) -> None:
    embedded.ensure(data)
    (data / "valkey.password").unlink()
    with embedded.services(data) as found, sets.broker(found.redis_url) as client:
        assert client.ping()
