"""The filter language: what is written is read again, and nothing else than a filter is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.oneroster.language.asking import read_query
from api.oneroster.language.errors import QueryError
from api.oneroster.language.filters import Clause, Filter, Join, Op, parse_filter, write_filter
from api.oneroster.resources.users import USERS

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,9}(\.[A-Za-z]{1,9})?", fullmatch=True)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
CLAUSES = st.builds(Clause, NAMES, st.sampled_from(list(Op)), TEXTS)
FILTERS = st.one_of(
    st.builds(lambda clause: Filter((clause,)), CLAUSES),
    st.builds(lambda one, two, join: Filter((one, two), join), CLAUSES, CLAUSES, st.sampled_from(list(Join))),
)


@given(FILTERS)
def test_a_filter_is_read_as_it_was_written(parsed: Filter) -> None:
    assert parse_filter(write_filter(parsed)) == parsed


def outcome(query: dict[str, str]) -> tuple[str, int]:
    """The mistake of a query; 200 where there is none."""
    try:
        asked = read_query(query, USERS)
    except QueryError as error:
        return error.minor, error.status
    return ("fullsuccess", 200) if 1 <= asked.limit <= 10_000 and asked.offset >= 0 else ("out of bounds", 0)


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_a_mistake_with_a_name(text: str) -> None:
    assert outcome({"filter": text}) in {("invalid_filter_field", 400), ("fullsuccess", 200)}


@given(st.dictionaries(st.sampled_from(["limit", "offset", "sort", "orderBy", "fields"]), st.text(max_size=12)))
def test_any_parameters_are_read_or_a_mistake(query: dict[str, str]) -> None:
    assert outcome(query)[1] in {200, 400, 422}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("familyName='O''Neil'", "O'Neil"),
        (r"familyName='O\'Neil'", "O'Neil"),
        ("familyName = 'a AND b'", "a AND b"),
        ("enabledUser=true", "true"),
        ("familyName=''", ""),
    ],
)
def test_values(text: str, value: str) -> None:
    assert parse_filter(text).clauses[0].value == value
