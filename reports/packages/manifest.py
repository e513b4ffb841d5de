"""The manifest: what a package says of itself, for programs; the check and the loader read it back."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final

FORMAT: Final = "yearturn-package/1"
NAME: Final = "manifest.json"


class ManifestError(Exception):
    """The manifest is not one of this format."""


@dataclass(frozen=True)
class TableEntry:
    """One table.

    Attributes:
        table: the relation's name; `of` is the live table's, where this is its archive.
        owner, category: the data map's code and the category's.
        file, csv: the names of its members.
        columns: [{name, kind, required}], in order; kind is PostgreSQL's.
        sha256: of the Parquet file.
    """

    table: str
    of: str
    archived: bool
    owner: str
    category: str
    rows: int
    file: str
    csv: str
    sha256: str
    columns: list[dict[str, Any]]
    withheld: list[str]


@dataclass(frozen=True)
class Manifest:
    """What a package holds, and of whom, when and by which rules it was made."""

    district: dict[str, Any]
    suite: str
    products: list[str]
    school_year: int
    policy: str
    snapshot_at: str
    made_by: str
    students: int
    tables: list[TableEntry]
    files: list[str] = field(default_factory=list)
    format: str = FORMAT

    def as_json(self) -> bytes:
        """The manifest as it stands in the package."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()


def read_manifest(raw: bytes) -> Manifest:
    """A manifest from a package.

    Raises:
        ManifestError: it is not JSON, of another format, or lacks something; the message says what.
    """
    try:
        said = json.loads(raw)
    except ValueError:
        raise ManifestError(f"{NAME} is not JSON.") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        found = said.get("format") if isinstance(said, dict) else None
        raise ManifestError(f"{NAME} is of the format {found!r}; this Yearturn reads {FORMAT!r}.")
    try:
        tables = [TableEntry(**each) for each in said.pop("tables")]
        return Manifest(tables=tables, **said)
    except (KeyError, TypeError) as error:
        raise ManifestError(f"{NAME} does not say what it should: {error}") from None
