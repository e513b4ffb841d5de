"""The board's filters: any query string is read, and what was understood is asked again by its own address."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from resets.desk.filters import FLAGS, RUNS, SORTS, BoardFilters, parse_filters
from resets.models import Answer
from tests.web.board import BOARD, CSV
from tests.web.desk import book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures
NAMES = ("year", "suite", "answer", "run", "csm", "from", "to", "q", "sort", *FLAGS)
DAYS = st.none() | st.dates(dt.date(1, 1, 1))
WORDS = st.text(max_size=120) | st.sampled_from(
    ["1", "2026", "literacy", "none", "asked", "-date", "2026-07-28", "\x00"]
)


def parsed(query: str) -> BoardFilters:
    return parse_filters(QueryDict(query))


@given(st.dictionaries(st.sampled_from(NAMES), WORDS))
def test_any_query_string_is_read_and_nothing_is_lost_in_silence(said: dict[str, str]) -> None:
    filters = parsed(urlencode(said, errors="replace"))
    understood = QueryDict(filters.query())
    ignored = " ".join(filters.problems)
    for name, value in said.items():
        cleaned = value.replace("\x00", "").strip()
        if cleaned and name not in {"q", "sort"}:
            assert name in understood or f" for {name} was ignored" in ignored or "the last is before" in ignored
    assert "\x00" not in filters.search
    assert len(filters.search) <= 100


@given(st.binary(max_size=200))
def test_bytes_that_no_browser_sends_are_read_too(raw: bytes) -> None:
    assert parse_filters(QueryDict(raw)).sort in {*SORTS, *(f"-{name}" for name in SORTS)}


@given(
    st.builds(
        BoardFilters,
        school_year=st.none() | st.integers(2000, 2100),
        suite=st.sampled_from(["", "literacy", "math", "hero"]),
        answer=st.sampled_from(["", *Answer.values]),
        run=st.sampled_from(["", *RUNS]),
        conflicts=st.booleans(),
        held=st.booleans(),
        undated=st.booleans(),
        csm=st.sampled_from(["", "none"]) | st.integers(0, 10**17).map(str),
        first_on=DAYS,
        last_on=DAYS,
        search=st.text(max_size=100).map(lambda text: " ".join(text.replace("\x00", "").split())),
        sort=st.sampled_from([*SORTS, *(f"-{name}" for name in SORTS)]),
    ).filter(lambda asked: not (asked.first_on and asked.last_on and asked.last_on < asked.first_on))
)
def test_filters_survive_their_own_address(asked: BoardFilters) -> None:
    read = parsed(asked.query())
    assert read == asked
    assert read.problems == ()


@pytest.mark.parametrize("said", ["year=", "suite=&answer=&run=", "from=&to=&q=&sort=", "conflicts=", "csm=+"])
def test_an_empty_field_of_the_form_is_no_problem(said: str) -> None:
    assert parsed(said) == BoardFilters()
    assert parsed(said).problems == ()


def test_dates_the_wrong_way_round_are_told() -> None:
    read = parsed("from=2026-07-02&to=2026-07-01")
    assert (read.first_on, read.last_on) == (None, None)
    assert read.problems == ("The dates from 2026-07-02 to 2026-07-01 were ignored: the last is before the first.",)


@pytest.mark.parametrize(
    "said",
    [
        "after=x~9&sort=date", "after=2026-07-28~99999999999999999999", "after=~1&sort=district", "after=%00~1",
        "after=99999999999999999999~1&sort=ready", "after=2026-07-28T00:00:00~1&sort=sync", "before=~", "csm=9",
        "after=9999-12-31T23:59:59%2B00:00~1&sort=sync", "q=%25_%5C", "from=0001-01-01&to=9999-12-31",
        "undated=1&after=~~~", "undated=1&after=%00~1", "csm=999999999999999999", "year=2100&undated=1",
    ],
)  # fmt: skip
def test_no_address_breaks_the_page_or_the_file(book: object, superuser: Client, said: str) -> None:
    assert superuser.get(f"{BOARD}?{said}").status_code == 200
    file = superuser.get(f"{CSV}?{said}")
    assert b"".join(file.streaming_content)  # type: ignore[arg-type]  # it streams
