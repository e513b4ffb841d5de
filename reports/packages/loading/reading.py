"""Everything that can be known of a package without a database's rows: whole, of this format, of these columns."""

import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from products.registry import suite_named
from reports.packages.checking import parquet_rows, sum_problems
from reports.packages.columns import ColumnType, column_types, schema_of
from reports.packages.contents import Source, sources
from reports.packages.loading.errors import LoadRefusedError
from reports.packages.loading.opening import member_problems
from reports.packages.manifest import NAME, Manifest, ManifestError, TableEntry, read_manifest
from tenants.zips import StoredMember

Found = list[tuple[TableEntry, Source, tuple[ColumnType, ...]]]
YEARS = range(2000, 2101)


def read_package(path: Path) -> Manifest:
    """A package's manifest, when every file in it is what its checksums say.

    Raises:
        LoadRefusedError: names every problem that was found.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if problems := member_problems(archive):
                raise LoadRefusedError(problems)
            if problems := sum_problems(archive):
                raise LoadRefusedError(problems)
            manifest = read_manifest(archive.read(NAME))
    except (zipfile.BadZipFile, KeyError, ManifestError, EOFError, NotImplementedError) as error:
        raise LoadRefusedError([f"The package cannot be read: {error}"]) from None
    try:
        suite_named(str(manifest.suite))
    except LookupError as error:
        raise LoadRefusedError([str(error)]) from None
    if manifest.school_year not in YEARS:
        raise LoadRefusedError([f"{manifest.school_year!r} is no school year."])
    return manifest


def match_tables(path: Path, manifest: Manifest) -> Found:
    """The package's tables beside the entered district's own, column for column.

    Raises:
        LoadRefusedError: names every table and column that is missing, unknown or of another type.
    """
    known = {source.relation: source for source in sources(manifest.suite, manifest.school_year)}
    said = {entry.table: entry for entry in manifest.tables}
    problems = [f"{name} is a table that this Yearturn does not have." for name in sorted(said.keys() - known.keys())]
    problems += [f"{name} is missing from the package." for name in sorted(known.keys() - said.keys())]
    found: Found = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(known.keys() & said.keys()):
            columns = column_types(name, known[name].columns)
            wrong = _column_problems(said[name], columns)
            problems += wrong or _file_problems(path, archive, said[name], columns)
            found.append((said[name], known[name], columns))
    if problems:
        raise LoadRefusedError(problems)
    return found


def _column_problems(entry: TableEntry, columns: tuple[ColumnType, ...]) -> list[str]:
    said = {str(each.get("name")): str(each.get("kind")) for each in entry.columns}
    here = {each.name: each.kind for each in columns}
    problems = [f"{entry.table}.{name} is a column that this Yearturn does not have." for name in said.keys() - here]
    problems += [f"{entry.table}.{name} is missing from the package." for name in here.keys() - said]
    problems += [
        f"{entry.table}.{name} is {said[name]} in the package and {here[name]} here."
        for name in here.keys() & said.keys()
        if said[name] != here[name]
    ]
    return sorted(problems)


def _file_problems(
    path: Path, archive: zipfile.ZipFile, entry: TableEntry, columns: tuple[ColumnType, ...]
) -> list[str]:
    """What a table's Parquet file itself says, whatever the manifest does."""
    try:
        with (
            StoredMember(path, archive.getinfo(entry.file)) as member,
            pq.ParquetFile(pa.PythonFile(member, mode="r")) as file,
        ):
            if not file.schema_arrow.equals(schema_of(columns)):
                return [f"{entry.file} has other columns or types than the manifest says."]
        rows, _ = parquet_rows(path, archive, entry.file)
    except (KeyError, OSError, zipfile.BadZipFile, pa.ArrowException):
        return [f"{entry.file} cannot be read."]
    return [] if rows == entry.rows else [f"{entry.file} has {rows:,} rows, and {entry.rows:,} are said."]
