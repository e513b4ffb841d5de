"""Shared by the roster's tests."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rostering.models import Sync
from rostering.services import import_bundle
from tests.rostering.bundles import AS_OF, BundleBuilder

Import = Callable[..., Sync]


@pytest.fixture
def load(entered: Any, tmp_path: Path) -> Import:
    """Import a bundle (built, or by its path) into the entered district."""

    def run(bundle: BundleBuilder | Path, *, as_of: dt.date = AS_OF, **options: Any) -> Sync:
        path = bundle.write(tmp_path) if isinstance(bundle, BundleBuilder) else bundle
        return import_bundle(path, source="command", actor="district_admin:1", as_of=as_of, **options)

    return run


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "oneroster"


@pytest.fixture
def shared_bundle() -> Callable[[str], Path]:
    """A bundle that somebody else made; the test is skipped where the shared data is not there."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"the shared bundle {name} is not here")
        return path

    return find
