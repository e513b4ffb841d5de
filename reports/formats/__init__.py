"""Reports as files. What a table holds is said by `reports.yearend`; here it is written, the same in every format.

The writers are imported where they are used: what streams CSV holds neither Arrow nor a typesetter in its memory.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Format:
    """A kind of file that a report can be had as.

    Attributes:
        code: also the file name's ending.
        label: for people.
        content_type: of the answer that carries it.
        is_whole: one file holds all of a report's tables; else each table is a file of its own.
        about: for whom it is, in a sentence.
    """

    code: str
    label: str
    content_type: str
    is_whole: bool
    about: str


CSV: Final = Format("csv", "CSV", "text/csv; charset=utf-8", False, "One table, whole, for any program.")
EXCEL: Final = Format(
    "xlsx",
    "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    True,
    "Every table on a sheet of its own, with dates as dates and numbers as numbers.",
)
PARQUET: Final = Format(
    "parquet", "Parquet", "application/vnd.apache.parquet", False, "One table, whole and typed, for analysis."
)
PDF: Final = Format("pdf", "PDF", "application/pdf", True, "Typeset for printing and for reading aloud.")

FORMATS: Final = (CSV, EXCEL, PARQUET, PDF)


def format_named(code: str) -> Format | None:
    """The format of a code; None when there is none of that name."""
    return next((each for each in FORMATS if each.code == code), None)
