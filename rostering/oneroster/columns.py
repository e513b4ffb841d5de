"""The words in which the files of the CSV binding are declared. Readers, checks and SQL are generated from them."""

import enum
from dataclasses import dataclass

BOTH = ("1.0", "1.1", "1.2")
OLD = ("1.0", "1.1")
NEW = ("1.2",)


class Kind(enum.Enum):
    """What a column holds."""

    ID = "identifier"
    REF = "reference"
    REFS = "list of references"
    DATE = "date"
    DATETIME = "date and time"
    YEAR = "year"
    BOOL = "true or false"
    ENUM = "one of a list of words"
    ENUMS = "list of words"
    GRADES = "list of grades"
    NUMBER = "number"
    TEXT = "text"
    SECRET = "password"  # noqa: S105 - the kind of a column that is never kept


@dataclass(frozen=True)
class Column:
    """One column of one file.

    Attributes:
        name: as the header writes it, case and all.
        required: a row without a value is refused.
        personal: its value is never shown, written to a log or kept with an error.
        kept: the importer uses it; of other text only is known whether there is any.
        target: for references, the file whose sourcedId it names.
        lenient: real feeds are known to name records that are not in the bundle: a warning by default.
        words: for enumerations, the values of the specification.
        open: values beginning with `ext:` are allowed too (OneRoster 1.2).
        aliases: other spellings that real feeds use for the header.
        versions: where the column exists.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    personal: bool = False
    kept: bool = False
    target: str = ""
    lenient: bool = False
    words: tuple[str, ...] = ()
    open: bool = True
    aliases: tuple[str, ...] = ()
    versions: tuple[str, ...] = BOTH

    @property
    def stored_type(self) -> str:
        """The type of its staging column. `"char"` keeps one byte: enough to know that something was there."""
        return '"char"' if self.kind is Kind.SECRET or (self.kind is Kind.TEXT and not self.kept) else "text"


STATUS = Column("status", Kind.ENUM, words=("active", "tobedeleted"), open=False, kept=True)
MODIFIED = Column(
    "dateLastModified",
    Kind.DATETIME,
    kept=True,
    aliases=("dataLastModified", "dateLastModifed", "lastModified", "DateModified"),
)


@dataclass(frozen=True)
class FileSpec:
    """One file of the binding.

    Attributes:
        name: without `.csv`, as the manifest writes it after `file.`.
        columns: in the specification's order, for all versions; see `of`.
        imported: its rows go into the roster; the others are read and checked only.
        needed: rostering cannot be done without it.
    """

    name: str
    columns: tuple[Column, ...]
    versions: tuple[str, ...] = BOTH
    imported: bool = False
    needed: bool = False

    @property
    def file(self) -> str:
        """The file's name in a bundle."""
        return f"{self.name}.csv"

    @property
    def table(self) -> str:
        """Its staging table."""
        return f"roster_stage_{self.name.lower()}"

    def of(self, version: str) -> tuple[Column, ...]:
        """Its columns in a version, in order."""
        return tuple(column for column in self.columns if version in column.versions)

    def column(self, name: str) -> Column:
        """The column of this name.

        Raises:
            LookupError: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise LookupError(f"{self.file} has no column {name}")


def record(
    name: str,
    *columns: Column,
    versions: tuple[str, ...] = BOTH,
    imported: bool = False,
    needed: bool = False,
    key: Column | None = None,
) -> FileSpec:
    """A file of records: sourcedId, status and dateLastModified come first in each."""
    first = key or Column("sourcedId", Kind.ID, required=True, kept=True)
    return FileSpec(name, (first, STATUS, MODIFIED, *columns), versions, imported, needed)


def ref(name: str, target: str, *, required: bool = False, lenient: bool = False, **more: object) -> Column:
    """A reference to a record of another file."""
    return Column(name, Kind.REF, required, target=target, lenient=lenient, kept=True, **more)  # type: ignore[arg-type]


def refs(name: str, target: str, *, required: bool = False, lenient: bool = False, **more: object) -> Column:
    """A comma-joined list of references."""
    return Column(name, Kind.REFS, required, target=target, lenient=lenient, kept=True, **more)  # type: ignore[arg-type]


def text(name: str, *, required: bool = False, kept: bool = False, personal: bool = False, **more: object) -> Column:
    """Free text."""
    return Column(name, Kind.TEXT, required, personal, kept, **more)  # type: ignore[arg-type]
