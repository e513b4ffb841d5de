"""A finished package without building one: for pages, downloads and what destroys it."""

import datetime as dt
import hashlib
from typing import Any

from django_tenants.utils import schema_context

from reports.kept import write_keys
from reports.packages.models import Package, PackageState
from reports.packages.places import FOLDER, KEYS, PLAIN, folder_of
from tenants.models import District

NOW = dt.datetime(2026, 6, 24, 15, tzinfo=dt.UTC)
CONTENT = bytes(range(256)) * 400


def ready(district: District, *, students: tuple[int, ...] = (1, 2, 3), **other: Any) -> Package:
    """A package of literacy's year that holds these students, with its file."""
    with schema_context("public"):
        package = Package(district=district, suite="literacy", school_year=2026, asked_by="x:1", asked_at=NOW)
        package.state, package.snapshot_at, package.built_at = PackageState.READY, NOW, NOW
        package.kept_until, package.students, package.rows = dt.date(2026, 8, 23), len(students), 1000
        package.size, package.sha256 = len(CONTENT), hashlib.sha256(CONTENT).hexdigest()
        package.file = f"{FOLDER}/{package.pk}/{PLAIN}"
        package.contents = [{"name": "data/literacy_usage.parquet", "size": 9, "sha256": "b" * 64, "rows": 1000}]
        for name, value in other.items():
            setattr(package, name, value)
        package.save()
    folder = folder_of(package)
    folder.mkdir(parents=True)
    (folder / PLAIN).write_bytes(CONTENT)
    write_keys(folder / KEYS, students)
    return package
