"""From a declared column to SQL that judges its value: the code of a problem, or NULL.

One expression per column. The value's raw text is never changed here; see `meanings` for what a value stands for.
"""

from collections.abc import Callable

from psycopg import sql

from rostering.oneroster.columns import Column, Kind
from rostering.oneroster.words import compose, name, words

BOOLEANS = ("true", "1", "yes", "y", "t", "false", "0", "no", "n", "f")
SYNONYMS: dict[str, dict[str, str]] = {
    "status": {"inactive": "tobedeleted", "deleted": "tobedeleted"},
    "sex": {"m": "male", "f": "female"},
}
"""Words of real feeds that can mean only one thing, by column."""
GRADES = ("PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "UG")
OTHER_GRADES = {
    "K": "KG",
    "KN": "KG",
    "0": "KG",
    "00": "KG",
    "P": "PK",
    "PR": "PK",
    "PREK": "PK",
    "PRE-K": "PK",
    "IT": "PK",
    "-1": "PK",
    "13": "UG",
    "PS": "UG",
    **{str(number): f"{number:02}" for number in range(1, 10)},
}
ISO_DATE = r"^\d{4}-\d{2}-\d{2}$"
SLASHED_DATE = r"^\d{1,2}/\d{1,2}/\d{4}$"
SPREADSHEET = r"^\d([.,]\d+)?[eE]\+?\d+$"

ID = """
CASE WHEN {v} IS NULL THEN 'row.field_required'
     WHEN {v} !~ '[^0-9A-Za-z._/@-]' AND octet_length({v}) < 256 THEN NULL
     WHEN {v} ~ {spreadsheet} THEN 'row.spreadsheet_number' ELSE 'row.invalid_identifier' END
"""
DATE = """
CASE WHEN {v} IS NULL THEN {blank}
     WHEN {v} ~ {iso} THEN CASE WHEN pg_input_is_valid({v}, 'date') THEN NULL ELSE 'row.invalid_date' END
     WHEN {v} !~ {slashed} THEN 'row.invalid_date'
     WHEN split_part({v}, '/', 1)::int BETWEEN 1 AND 12 AND split_part({v}, '/', 2)::int BETWEEN 1 AND 12
          AND split_part({v}, '/', 1)::int <> split_part({v}, '/', 2)::int THEN 'row.ambiguous_date'
     WHEN pg_input_is_valid({turned}, 'date') THEN 'value.slashes' ELSE 'row.invalid_date' END
"""
TURNED = """
(split_part({v}, '/', 3) || CASE WHEN split_part({v}, '/', 1)::int > 12
 THEN '-' || split_part({v}, '/', 2) || '-' || split_part({v}, '/', 1)
 ELSE '-' || split_part({v}, '/', 1) || '-' || split_part({v}, '/', 2) END)
"""
"""A date with slashes as year, month, day. The larger part is the day; where both fit, they are equal."""
DATETIME = r"""
CASE WHEN {v} IS NULL THEN {blank}
     WHEN {v} ~ '^\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z$' AND pg_input_is_valid({v}, 'timestamptz') THEN {filled}
     WHEN {v} ~ '^\d{{4}}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$'
          AND pg_input_is_valid({v}, 'timestamptz') THEN {other}
     ELSE {bad} END
"""
RANGE = r"^(\d{4})\s*[-/–]\s*(\d{4}|\d{2})$"  # noqa: RUF001 - feeds do write a dash
YEAR = r"""
CASE WHEN {v} IS NULL THEN {blank} WHEN {v} ~ '^(19|20)\d\d$' THEN NULL
     WHEN {v} ~ {range} AND right((left({v}, 4)::int + 1)::text, 2) = right({v}, 2)
          AND (length(regexp_replace({v}, '^.*\D', '')) = 2
               OR regexp_replace({v}, '^.*\D', '')::int = left({v}, 4)::int + 1) THEN 'value.year_range'
     ELSE 'row.invalid_year' END
"""
BOOL = """
CASE WHEN {v} IS NULL THEN {blank} WHEN {v} IN ('true', 'false') THEN NULL
     WHEN lower(btrim({v})) IN {forms} THEN 'value.boolean_form' ELSE 'row.invalid_boolean' END
"""
ENUM = """
CASE WHEN {v} IS NULL THEN {blank} WHEN {v} IN {words} THEN {filled} WHEN {extended} THEN {filled}
     WHEN lower(btrim({v})) IN {forms} THEN 'value.word_form' ELSE 'row.invalid_value' END
"""
GRADE_LIST = """
CASE WHEN {v} IS NULL THEN {blank} WHEN {v} IN {grades} THEN NULL
     WHEN upper(replace({v}, ' ', '')) ~ {known} THEN CASE WHEN {v} ~ {proper} THEN NULL ELSE 'value.grade_form' END
     ELSE 'value.grade_unknown' END
"""
NUMBER = r"CASE WHEN {v} IS NULL THEN {blank} WHEN {v} ~ '^-?\d+(\.\d+)?$' THEN NULL ELSE 'row.invalid_number' END"
TEXT = """
CASE WHEN {v} IS NULL THEN {blank} WHEN octet_length({v}) > 255 AND char_length({v}) > 255 THEN 'row.too_long'
     WHEN {number} AND {v} ~ {spreadsheet} THEN 'row.spreadsheet_number' END
"""
PRESENT = "CASE WHEN {v} IS NULL THEN {blank} END"


def judgement(column: Column, mode: str, version: str) -> sql.Composed:
    """SQL for the code of what is wrong with a staged value, or NULL.

    Args:
        column: a declared column that the file has.
        mode: bulk or delta.
        version: of the binding.
    """
    value = name(column.name)
    blank = sql.Literal("row.field_required" if column.required else None)
    maker = _MAKERS.get(column.kind)
    if maker is not None:
        return maker(column, value, blank, mode, version)
    return compose(PRESENT, v=value, blank=blank)


def turned(value: sql.Composable) -> sql.Composed:
    """SQL for a date with slashes as `year-month-day` text."""
    return compose(TURNED, v=value)


Maker = Callable[[Column, sql.Composable, sql.Literal, str, str], sql.Composed]


def _id(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    return compose(ID, v=value, spreadsheet=sql.Literal(SPREADSHEET))


def _date(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    iso, slashed = sql.Literal(ISO_DATE), sql.Literal(SLASHED_DATE)
    return compose(DATE, v=value, blank=blank, iso=iso, slashed=slashed, turned=turned(value))


def _datetime(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    """Only dateLastModified is one: required in delta; in bulk it must be blank, so that its form is no matter."""
    if mode == "bulk":
        spare = sql.Literal("row.field_not_allowed_in_bulk")
        return compose(DATETIME, v=value, blank=sql.Literal(None), filled=spare, other=spare, bad=spare)
    return compose(
        DATETIME,
        v=value,
        blank=sql.Literal("row.field_required_in_delta"),
        filled=sql.Literal(None),
        other=sql.Literal("value.date_form"),
        bad=sql.Literal("row.invalid_datetime"),
    )


def _year(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    return compose(YEAR, v=value, blank=blank, range=sql.Literal(RANGE))


def _bool(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    return compose(BOOL, v=value, blank=blank, forms=words(BOOLEANS))


def _enum(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    filled = sql.Literal(None)
    if column.name == "status":
        delta = mode == "delta"
        blank = sql.Literal("row.field_required_in_delta" if delta else None)
        filled = sql.Literal(None if delta else "row.field_not_allowed_in_bulk")
    extended = compose("{v} LIKE 'ext:%'", v=value) if column.open and version == "1.2" else sql.SQL("false")
    forms = (*(word.lower() for word in column.words), *SYNONYMS.get(column.name, {}))
    return compose(
        ENUM, v=value, blank=blank, words=words(column.words), filled=filled, extended=extended, forms=words(forms)
    )


def _grades(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    proper = "|".join(GRADES)
    known = "|".join((*GRADES, *OTHER_GRADES))
    return compose(
        GRADE_LIST,
        v=value,
        blank=blank,
        grades=words(GRADES),
        known=sql.Literal(f"^({known})(,({known}))*$"),
        proper=sql.Literal(f"^({proper})(,({proper}))*$"),
    )


def _number(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    return compose(NUMBER, v=value, blank=blank)


def _text(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    if not column.kept:
        return compose(PRESENT, v=value, blank=blank)
    number = sql.SQL("true" if column.name in ("identifier", "userIds") else "false")
    return compose(TEXT, v=value, blank=blank, number=number, spreadsheet=sql.Literal(SPREADSHEET))


def _secret(column: Column, value: sql.Composable, blank: sql.Literal, mode: str, version: str) -> sql.Composed:
    return compose("CASE WHEN {v} IS NOT NULL THEN 'value.password' END", v=value)


_MAKERS: dict[Kind, Maker] = {
    Kind.ID: _id,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.YEAR: _year,
    Kind.BOOL: _bool,
    Kind.ENUM: _enum,
    Kind.GRADES: _grades,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.SECRET: _secret,
}
