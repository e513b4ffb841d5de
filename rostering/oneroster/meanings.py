"""From a declared column to SQL for what its value means. Only for values that were judged to be understood."""

from psycopg import sql

from rostering.oneroster.columns import Column, Kind
from rostering.oneroster.judging import OTHER_GRADES, SYNONYMS, turned
from rostering.oneroster.words import compose, name, words

DATE = "CASE WHEN {v} LIKE '____-__-__' THEN {v}::date WHEN {v} IS NOT NULL THEN {turned}::date END"
YEAR = "CASE WHEN length({v}) = 4 THEN {v}::int ELSE left({v}, 4)::int + 1 END"
BOOL = "CASE WHEN {v} IS NOT NULL THEN lower(btrim({v})) IN ('true', '1', 'yes', 'y', 't') END"
GRADE_ITEM = "upper(btrim({item}))"
LEAVING = "coalesce(lower(btrim({v})) IN ('tobedeleted', 'inactive', 'deleted'), false)"


def meaning(column: Column, alias: str = "") -> sql.Composed:
    """SQL for the value of a staged column: a date, an integer, a boolean, or text that is never NULL."""
    value = name(column.name, alias)
    if column.kind is Kind.DATE:
        return compose(DATE, v=value, turned=turned(value))
    if column.kind is Kind.YEAR:
        return compose(YEAR, v=value)
    if column.kind is Kind.BOOL:
        return compose(BOOL, v=value)
    if column.kind is Kind.ENUM:
        return _word(column, value)
    return compose("coalesce({v}, '')", v=value)


def leaving(alias: str = "") -> sql.Composed:
    """SQL for whether a row says that its record is to be deleted."""
    return compose(LEAVING, v=name("status", alias))


def first_grade(value: sql.Composable) -> sql.Composed:
    """SQL for the first of a list of grades in its usual form; '' when it is not known."""
    return grade(compose("split_part({v}, ',', 1)", v=value))


def grade(item: sql.Composable) -> sql.Composed:
    """SQL for one grade in its usual form; '' when it is not known or there is none."""
    cases = sql.SQL(" ").join(
        compose("WHEN {raw} THEN {usual}", raw=sql.Literal(raw), usual=sql.Literal(usual))
        for raw, usual in OTHER_GRADES.items()
    )
    return compose(
        "CASE WHEN {item} IS NULL THEN '' WHEN {item} ~ '^(0[1-9]|1[0-2]|PK|TK|KG|UG)$' THEN {item}"
        " ELSE CASE upper(btrim({item})) {cases} WHEN 'PK' THEN 'PK' WHEN 'TK' THEN 'TK' WHEN 'KG' THEN 'KG'"
        " WHEN 'UG' THEN 'UG' ELSE coalesce(substring(btrim({item}) FROM '^(0[1-9]|1[0-2])$'), '') END END",
        item=item,
        cases=cases,
    )


def _word(column: Column, value: sql.Composable) -> sql.Composed:
    """A word in the specification's own case."""
    exact = compose("{v} IN {words}", v=value, words=words(column.words))
    return compose("CASE WHEN {exact} THEN {v} ELSE {other} END", exact=exact, v=value, other=_reworded(column, value))


def _reworded(column: Column, value: sql.Composable) -> sql.Composed:
    forms = {word.lower(): word for word in column.words} | SYNONYMS.get(column.name, {})
    changed = [(raw, word) for raw, word in forms.items() if raw != word]
    if not changed:
        return compose("coalesce(lower(btrim({v})), '')", v=value) if not column.open else _open_word(column, value)
    cases = sql.SQL(" ").join(
        compose("WHEN {raw} THEN {word}", raw=sql.Literal(raw), word=sql.Literal(word)) for raw, word in changed
    )
    plain = compose("CASE lower(btrim({v})) {cases} ELSE lower(btrim({v})) END", v=value, cases=cases)
    return compose("CASE WHEN {v} LIKE 'ext:%' THEN {v} ELSE coalesce({plain}, '') END", v=value, plain=plain)


def _open_word(column: Column, value: sql.Composable) -> sql.Composed:
    return compose("CASE WHEN {v} LIKE 'ext:%' THEN {v} ELSE coalesce(lower(btrim({v})), '') END", v=value)
