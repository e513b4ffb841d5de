"""Folders for sets of services, in a place that the servers' account reaches."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded

OWN = ("DATABASE_URL", "REDIS_URL", "YEARTURN_DATA")


@pytest.fixture(scope="session")
def made_once() -> Iterator[Path]:
    """One data folder for many tests: making a database anew takes seconds."""
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent) / "data"
        yield folder
        embedded.remove(folder)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no services."""
    for variable in OWN:
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def data(made_once: Path, alone: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder in which nothing runs; earlier tests may have used it."""
    if not (made_once / "postgres").exists():
        with embedded.services(made_once):
            pass
    monkeypatch.setenv("YEARTURN_DATA", str(made_once))
    yield made_once
    assert os.environ["YEARTURN_DATA"] == str(made_once)
    embedded.stop(made_once, force=True)


@pytest.fixture
def fresh(alone: None) -> Iterator[Path]:
    """A data folder that does not exist yet."""
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent) / "data"
        yield folder
        embedded.remove(folder)
