"""Start, reuse, stop: who started what, who still uses it, and what the environment replaces."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import embedded
from tests.embedded import sets


def test_started_once_reused_by_others_and_stopped_by_the_last(data: Path) -> None:
    with embedded.services(data) as first:
        assert first.owned
        assert sets.query(first.database_url, "SHOW max_locks_per_transaction") == "1024"
        assert (
            sets.query(first.database_url, "SELECT datlocale FROM pg_database WHERE datname = 'yearturn'") == "C.UTF-8"
        )
        with sets.broker(first.redis_url) as client:
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        with embedded.services(data) as second:
            assert not second.owned
            assert second.environment() == first.environment()
        assert sets.query(first.database_url, "SELECT 1") == "1"
    now = embedded.status(data)
    assert (now.postgres, now.valkey, now.users) == (None, None, [])


def test_secrets_are_for_their_owner_only(data: Path) -> None:
    embedded.ensure(data)
    for name in ("services.json", "postgres.password", "valkey.password", "postgres.log"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600
    for name in ("postgres", "valkey"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o700
        assert (data / name).stat().st_uid != 0
        assert os.stat(f"/proc/{sets.server_pid(data, name)}").st_uid != 0


def test_services_outlive_their_starter_while_another_claims_them(data: Path) -> None:
    with embedded.services(data) as first:
        other = sets.user(data)
        process = other.__enter__()
        assert sorted(embedded.stop(data)) == sorted([os.getpid(), process.pid])
    try:
        assert embedded.status(data).users == [process.pid]
        assert sets.query(first.database_url, "SELECT 1") == "1"
        process.communicate(timeout=30)
    finally:
        other.__exit__(None, None, None)
    assert embedded.status(data).postgres is None


def test_started_to_stay(data: Path) -> None:
    assert embedded.ensure(data).owned
    assert not embedded.ensure(data).owned
    with embedded.services(data) as found:
        assert not found.owned
    assert embedded.status(data).postgres
    assert embedded.stop(data) == []
    assert embedded.status(data).postgres is None


def test_both_addresses_in_the_environment_start_nothing(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/db")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    with embedded.services(fresh) as found:
        assert found.environment() == {"DATABASE_URL": "postgres://elsewhere/db", "REDIS_URL": "redis://elsewhere"}
        assert not found.owned
    assert not fresh.exists()


@pytest.mark.parametrize("variable", ["DATABASE_URL", "REDIS_URL"])
def test_one_address_replaces_its_own_part(data: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "given://elsewhere")
    with embedded.services(data) as found:
        assert found.environment()[variable] == "given://elsewhere"
        now = embedded.status(data)
        assert (now.postgres is None, now.valkey is None) == (variable == "DATABASE_URL", variable == "REDIS_URL")


def test_run_gives_the_command_its_addresses_and_its_exit_status_back(data: Path) -> None:
    done = sets.cli(data, "run", "--", "sh", "-c", 'echo "$DATABASE_URL $REDIS_URL $YEARTURN_DATA"; exit 7')
    database, redis, folder = done.stdout.split()
    assert done.returncode == 7
    assert (database[:11], redis[:8], folder) == ("postgres://", "redis://", str(data))
    assert sets.cli(data, "run", "--", "no-such-command").returncode == 127
    assert sets.cli(data, "status").returncode == 3


def test_run_hands_signals_on_and_stops_what_it_started(data: Path) -> None:
    script = "trap 'echo told; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
    with sets.program(data, "-m", "config.embedded", "run", "--", "sh", "-c", script) as process:
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=30)[0] == "told\n"
        assert process.returncode == 9
    assert embedded.status(data).postgres is None


def test_throw_away_sets_do_not_meet_and_leave_nothing(data: Path) -> None:
    with embedded.scratch_services(data) as one, embedded.scratch_services(data) as two:
        assert one.data != two.data
        assert one.database_url != two.database_url
        assert sets.query(one.database_url, "SHOW fsync") == "off"
    assert list(data.glob("run-*")) == []


def test_throw_away_set_of_a_killed_run_is_swept_by_the_next(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-m", "config.embedded", "run", "--scratch", "--", "sh", "-c", "kill -9 $PPID"]
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/db")  # the broker alone starts faster
    own = sets.environment(data, DATABASE_URL="postgres://elsewhere/db")
    subprocess.run(command, cwd=sets.CHECKOUT, env=own, check=False)
    (left,) = data.glob("run-*")
    pid = sets.server_pid(left, "valkey")
    assert sets.runs(pid)
    with embedded.scratch_services(data):
        assert not left.exists()
        assert not sets.runs(pid)
