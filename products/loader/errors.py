"""What can be wrong with a file of product data, and how to mend it."""

from dataclasses import dataclass


class LoadRefusedError(Exception):
    """The file was refused as a whole; nothing was written."""


class NotLoadableError(Exception):
    """The category has no table of events that a file could be loaded into."""


@dataclass(frozen=True)
class LoadError:
    """One error. `row` counts as a spreadsheet does: a CSV's header is row 1; an NDJSON's first line is row 1.

    `value` is empty where the column is personal.
    """

    file: str
    row: int | None
    column: str
    code: str
    value: str
    message: str


MESSAGES = {
    "unreadable": "The file is not proper {format}: {why}. Save it again as UTF-8 {format}.",
    "empty_file": "The file has no rows. Send at least one, or no file.",
    "missing_column": "The column {column} is missing. Add it; the columns are: {columns}.",
    "unknown_column": "There is no column {column}. Drop or rename it; the columns are: {columns}.",
    "repeated_column": "The column {column} is there twice. Keep one.",
    "row_length": "The row has {why} fields than the header. Quote fields that contain commas or line breaks.",
    "bad_text": "The field contains a character that cannot be stored (NUL). Remove it.",
    "missing_value": "{column} is empty. Fill it in.",
    "missing_student": "Neither student_id nor student_sourced_id is given. Fill in one of them.",
    "bad_value": "The value is not {kind}. {example}",
    "too_long": "The value is longer than {most} characters. Shorten it.",
    "unknown_choice": "The value is none of: {choices}. Use one of these.",
    "unknown_product": "The product does not keep this category. Use one of: {choices}.",
    "unknown_student": "No student of the roster has this {column}. Import the roster first, or correct the id.",
    "ambiguous_student": "Several students of the roster have this Student ID. Give student_sourced_id instead.",
    "unknown_school": "No school of the roster has this sourcedId. Import the roster first, or correct the id.",
    "no_school": "The student has no school in the roster. Give school_sourced_id.",
    "unknown_educator": "No educator of the roster has this sourcedId. Import the roster first, or correct the id.",
    "future_date": "The day has not come yet. Correct the date.",
    "repeated_event": "The same event id is in the file twice, with different values. Keep the one that is right.",
    "year_archived": "School year {year} of {category} was archived{on}. Its data is closed: remove the row.",
    "year_deleted": "School year {year} of {category} was deleted by the reset{on}. Remove the row.",
    "year_too_far": "School year {year} has not been opened. Correct the date or the school_year.",
}


def message_for(code: str, **words: object) -> str:
    """What is wrong and how to mend it."""
    return MESSAGES[code].format_map(_Blank(words))


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""
