"""The manifest: what a package says of itself, for programs; the check and the loader read it back."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypeVar, get_origin, get_type_hints

FORMAT: Final = "yearturn-package/1"
NAME: Final = "manifest.json"
Made = TypeVar("Made")


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
    """What a package holds, and of whom, when and by which rules it was made.

    Attributes:
        reports: [{report, table, by, file, rows, sha256}] of each file of a year-end report; no rows on paper.
    """

    district: dict[str, Any]
    suite: str
    products: list[str]
    school_year: int
    policy: str
    snapshot_at: str
    made_by: str
    students: int
    tables: list[TableEntry]
    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
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
        tables = [_made(TableEntry, each) for each in said.pop("tables")]
        return _made(Manifest, {**said, "tables": tables})
    except (KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{NAME} does not say what it should: {error}") from None


def _made(kind: type[Made], said: dict[str, Any]) -> Made:
    """An object of a dataclass, when each value is of the kind that its field names.

    Raises:
        TypeError: one is missing, unknown or of another kind.
    """
    hints = get_type_hints(kind)
    for name, value in said.items():
        wanted = hints.get(name)
        plain = get_origin(wanted) or wanted
        if plain is None or not isinstance(value, plain) or (plain is int and isinstance(value, bool)):
            raise TypeError(f"{name} is {type(value).__name__}")
    return kind(**said)
