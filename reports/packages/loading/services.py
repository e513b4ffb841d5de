"""Loading a package: everything is checked first, everything is written in one transaction, or nothing is."""

import datetime as dt
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import DataError, IntegrityError, transaction
from django_tenants.utils import schema_context

from ledger.services import append_entry
from products.partitions import history_opened
from products.partitions.statistics import hide_personal_values
from reports.packages.loading.district import add_subscriptions, subscription_problems, target_district
from reports.packages.loading.errors import LoadRefusedError
from reports.packages.loading.files import place_files, remove_files
from reports.packages.loading.ground import ready_partitions
from reports.packages.loading.opening import opened
from reports.packages.loading.reading import Found, match_tables, read_package
from reports.packages.loading.tables import Loaded, load_table, set_sequences
from reports.packages.loading.verify import leftover_problems, orphan_problems
from reports.packages.manifest import Manifest
from resets.engine.proof import run_deferred_checks
from tenants.errors import describe_error
from tenants.models import District
from tenants.schema import enter_district
from tenants.zips import digest_of

Tell = Callable[[str], None]


@dataclass(frozen=True)
class LoadResult:
    """What became of a package.

    Attributes:
        inserted, same: rows that were put in, and that were there already, by table.
        made: the district was made for it.
    """

    district: District
    manifest: Manifest
    inserted: dict[str, int]
    same: dict[str, int]
    made: bool


def load_package(
    path: Path,
    *,
    identity: Path | None,
    slug: str,
    actor: str,
    at: dt.datetime,
    dry_run: bool = False,
    tell: Tell = lambda line: None,
) -> LoadResult:
    """Load a package's file into the district of a slug, which is made if there is none.

    Args:
        identity: the file with the keys that open an encrypted package.
        slug: the district's; empty for that of the package.
        dry_run: the same work, rolled back at the end.
        tell: is given a line before each step.

    Raises:
        LoadRefusedError: has every problem that was found; nothing was changed.
    """
    tell("Opening the package and comparing every checksum")
    digest = digest_of(path) if path.is_file() else ""
    with opened(path, identity) as plain:
        manifest = read_package(plain)
        if problems := subscription_problems(manifest):
            raise LoadRefusedError(problems)
        written: list[Path] = []
        try:
            with schema_context("public"), transaction.atomic():
                result = _load(plain, manifest, slug or str(manifest.district.get("slug")), actor, written, tell)
                _record(result, digest, actor, at)
                if dry_run:
                    transaction.set_rollback(True)
        except BaseException:
            remove_files(written)
            raise
        if dry_run:
            remove_files(written)
    return result


def _load(plain: Path, manifest: Manifest, slug: str, actor: str, written: list[Path], tell: Tell) -> LoadResult:
    was_there = District.objects.filter(slug=slug).exists()
    district = target_district(manifest, slug, actor)
    with enter_district(district), history_opened(district):
        found = match_tables(plain, manifest)
        ready_partitions(manifest)
        loaded = _load_tables(plain, found, tell)
        with zipfile.ZipFile(plain) as archive:
            written += place_files(archive, manifest)
        hide_personal_values(district.schema_name)
    add_subscriptions(district, manifest)
    return LoadResult(district, manifest, loaded.inserted, loaded.same, not was_there)


def _load_tables(plain: Path, found: Found, tell: Tell) -> Loaded:
    """Put every row in, and make sure that what is there now is what the package has.

    Raises:
        LoadRefusedError: something differs, leads to nobody, or would be there beside the package's data.
    """
    loaded = Loaded()
    with zipfile.ZipFile(plain) as archive:
        for entry, source, columns in found:
            tell(f"Loading {entry.table}: {entry.rows:,} rows")
            try:
                with transaction.atomic():
                    load_table(plain, archive, entry, source, columns, loaded)
            except (DataError, IntegrityError) as error:
                loaded.problems.append(f"{entry.table} cannot be loaded: {describe_error(error)}")
    if loaded.problems:
        raise LoadRefusedError(loaded.problems)
    tell("Checking that every row leads to somebody")
    try:
        run_deferred_checks()
    except IntegrityError as error:
        raise LoadRefusedError([f"A row leads to nothing: {describe_error(error)}"]) from None
    if problems := [*leftover_problems(found), *orphan_problems(found)]:
        raise LoadRefusedError(problems)
    set_sequences([source for _, source, _ in found])
    return loaded


def _record(result: LoadResult, digest: str, actor: str, at: dt.datetime) -> None:
    facts = {
        "suite": result.manifest.suite,
        "school_year": result.manifest.school_year,
        "sha256": digest,
        "snapshot_at": result.manifest.snapshot_at,
        "students": result.manifest.students,
        "rows": sum(result.inserted.values()),
        "same": sum(result.same.values()),
        "tables": {name: rows for name, rows in result.inserted.items() if rows},
    }
    append_entry(result.district.pk, "package_loaded", actor=actor, at=at, facts=facts)
