"""Checking a finished package: the file is opened again, every checksum and every count of rows is compared.

The same check that whoever receives it can make. Nothing that the builder remembers is believed, only the file.
"""

import hashlib
import zipfile
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from reports.packages.errors import DamagedError
from reports.packages.manifest import NAME, Manifest, ManifestError, TableEntry, read_manifest
from tenants.zips import PART, SUMS, StoredMember

MOST_SAID: Final = 20


def check_package(path: Path) -> Manifest:
    """Check a package's zip; returns its manifest.

    Raises:
        DamagedError: it is no zip, or something in it is not what its checksums and its manifest say; says what.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            problems = sum_problems(archive)
            manifest = read_manifest(archive.read(NAME))
            problems += [each for entry in manifest.tables for each in _table_problems(path, archive, entry)]
            problems += [each for entry in manifest.reports for each in _report_problems(path, archive, entry)]
    except (zipfile.BadZipFile, KeyError, ManifestError, EOFError, pa.ArrowException) as error:
        raise DamagedError(f"The package cannot be read: {error}") from None
    if problems:
        raise DamagedError(" ".join(problems[:MOST_SAID]))
    return manifest


def sum_problems(archive: zipfile.ZipFile) -> list[str]:
    """Members whose bytes are not what SHA256SUMS says, and those that are in one of the two only."""
    try:
        lines = archive.read(SUMS).decode().splitlines()
    except (KeyError, UnicodeDecodeError):
        return [f"It has no {SUMS}."]
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    members = {name for name in archive.namelist() if name != SUMS}
    problems = [f"{name} is not in the package." for name in sorted(sums.keys() - members)]
    problems += [f"{name} has no checksum." for name in sorted(members - sums.keys())]
    for name in sorted(members & sums.keys()):
        with archive.open(name) as member:
            if _digest(member) != sums[name]:
                problems.append(f"{name} is not what its checksum says.")
    return problems


def _table_problems(path: Path, archive: zipfile.ZipFile, entry: TableEntry) -> list[str]:
    problems = []
    rows, names = parquet_rows(path, archive, entry.file)
    if rows != entry.rows:
        problems.append(f"{entry.file} has {rows:,} rows, and {entry.rows:,} are said.")
    if names != [column["name"] for column in entry.columns]:
        problems.append(f"{entry.file} has other columns than are said.")
    if (lines := _csv_rows(archive, entry.csv, names)) != entry.rows:
        problems.append(f"{entry.csv} has {lines:,} rows, and {entry.rows:,} are said.")
    return problems


def _report_problems(path: Path, archive: zipfile.ZipFile, entry: dict[str, Any]) -> list[str]:
    """A report's file: its rows counted in Parquet, and on paper that it is a PDF."""
    name = str(entry["file"])
    if name.endswith(".parquet"):
        rows, _ = parquet_rows(path, archive, name)
        return [] if rows == entry["rows"] else [f"{name} has {rows:,} rows, and {entry['rows']:,} are said."]
    if name.endswith(".pdf"):
        with archive.open(name) as member:
            return [] if member.read(5) == b"%PDF-" else [f"{name} is no PDF."]
    return []


def parquet_rows(path: Path, archive: zipfile.ZipFile, name: str) -> tuple[int, list[str]]:
    """How many rows a Parquet member really has, read one by one, and the names of its columns."""
    with (
        StoredMember(path, archive.getinfo(name)) as member,
        pq.ParquetFile(pa.PythonFile(member, mode="r")) as file,
    ):
        names = list(file.schema_arrow.names)
        return sum(batch.num_rows for batch in file.iter_batches(columns=names[:1])), names


def _csv_rows(archive: zipfile.ZipFile, name: str, columns: list[str]) -> int:
    """The lines of a CSV member after its head; a text may hold a line's end."""
    parse = pcsv.ParseOptions(newlines_in_values=True)
    with archive.open(name) as member:
        head = pcsv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), include_columns=columns[:1])
        with pcsv.open_csv(pa.PythonFile(member, mode="r"), parse_options=parse, convert_options=head) as reader:
            return sum(batch.num_rows for batch in reader)


def _digest(member: IO[bytes]) -> str:
    digest: Any = hashlib.sha256()
    while part := member.read(PART):
        digest.update(part)
    return str(digest.hexdigest())
