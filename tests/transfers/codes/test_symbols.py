"""How codes are written and read: forgiving of how, and unforgiving of what."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transfers.codes.errors import MistypedCodeError
from transfers.codes.symbols import ALPHABET, LENGTH, RANDOM, new_code, read_code, with_checks, written

CODES = st.text(ALPHABET, min_size=RANDOM, max_size=RANDOM).map(with_checks)
PLACES = st.integers(0, LENGTH - 1)
MISTAKES = settings(max_examples=60, deadline=None)


def test_a_new_code_has_128_random_bits_and_more() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert 5 * RANDOM >= 128
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}", written(code)) for code in codes)
    for place in range(RANDOM):
        assert len({code[place] for code in codes}) > 20, place


@MISTAKES
@given(CODES, st.sampled_from(["-", " ", "", " - ", "\u2013", "\u2011", "\u00a0", "\r\n\t"]), st.booleans())
def test_dashes_spaces_and_case_do_not_matter(code: str, between: str, small: bool) -> None:
    typed = written(code).replace("-", between)
    assert read_code(f" {typed.lower() if small else typed} ") == code


@MISTAKES
@given(CODES, st.sampled_from("Oo"), st.sampled_from("IiLl"))
def test_what_looks_alike_means_the_same(code: str, zero: str, one: str) -> None:
    assert read_code(code.replace("0", zero).replace("1", one)) == code


@MISTAKES
@given(CODES, PLACES, st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_seen_and_its_group_told(code: str, place: int, other: str) -> None:
    assume(code[place] != other)
    group = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")[place // 4]
    with pytest.raises(MistypedCodeError, match=f"the {group} group first"):
        read_code(code[:place] + other + code[place + 1 :])


@MISTAKES
@given(CODES, st.integers(0, LENGTH - 2))
def test_two_that_changed_places_are_seen(code: str, place: int) -> None:
    assume(code[place] != code[place + 1])
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    with pytest.raises(MistypedCodeError, match="group by group"):
        read_code(turned)


@MISTAKES
@given(CODES, PLACES, PLACES, st.sampled_from(ALPHABET), st.sampled_from(ALPHABET))
def test_any_two_wrong_symbols_are_seen(code: str, place: int, second: int, one: str, other: str) -> None:
    symbols = list(code)
    symbols[place], symbols[second] = one, other
    assume("".join(symbols) != code)
    with pytest.raises(MistypedCodeError):
        read_code("".join(symbols))


@MISTAKES
@given(CODES, PLACES)
def test_one_missing_or_twice_is_seen(code: str, place: int) -> None:
    with pytest.raises(MistypedCodeError, match=r"This has 27\."):
        read_code(code[:place] + code[place + 1 :])
    with pytest.raises(MistypedCodeError, match=r"This has 29\."):
        read_code(code[:place] + code[place] + code[place:])


@pytest.mark.parametrize("typed", ["", "  ", "---", "\u200b"])
def test_nothing_typed(typed: str) -> None:
    with pytest.raises(MistypedCodeError, match="Enter the transfer code"):
        read_code(typed)


def test_a_symbol_of_no_code_is_named() -> None:
    code = new_code()
    with pytest.raises(MistypedCodeError, match="\u201cU\u201d is in no code: see the second group"):
        read_code(f"{code[:5]}u{code[6:]}")


@MISTAKES
@given(st.text(max_size=300))
def test_whatever_is_typed_is_a_code_or_mistyped(typed: str) -> None:
    try:
        read = read_code(typed)
    except MistypedCodeError:
        return
    assert with_checks(read[:RANDOM]) == read
