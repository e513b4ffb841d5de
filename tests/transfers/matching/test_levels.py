# ruff: noqa: RUF001 - names as their bearers write them
"""What counts as agreement: names folded, parted, shortened and mistyped; birth dates; whatever the alphabet."""

import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transfers.matching.people import incoming, levels
from transfers.matching.nicknames import alike
from transfers.matching.people import Person
from transfers.matching.practice.noise import mistyped, plain

NAMES = st.sampled_from(
    [
        "José",
        "Ángel",
        "Nguyễn",
        "O'Brien",
        "Al-Amin",
        "García-López",
        "Zoë",
        "王",
        "Олена",
        "思颖",
        "Ọláwálé",
        "Müller",
        "Jean-Baptiste",
        "ʻAlohilani",
        "Łukasz",
    ]
)
WORDS = st.text(string.ascii_lowercase, min_size=5, max_size=9)
SOME = settings(max_examples=3, deadline=None)


def of(field, *pairs):
    """The levels of a field for pairs of a value: names, dates, and so on."""
    needs = {"family": "family_name", "given": "given_name", "middle": "middle_name", "birth": "birth_date"}[field]
    some = Person(key=1, given_name="Ximena", family_name="Quintero")
    return [
        row[field] for row in levels([(replace(some, **{needs: a}), replace(some, **{needs: b})) for a, b in pairs])
    ]


@SOME
@given(st.lists(NAMES, min_size=6, max_size=12))
def test_writing_makes_no_difference(names):
    written = [
        (name, variant)
        for name in names
        for variant in (name.upper(), plain(name), name.replace("-", " "), f" {name} Jr.")
    ]

    assert set(of("family", *written)) == {"same"}


@SOME
@given(st.lists(st.tuples(WORDS, WORDS).filter(lambda pair: pair[0] != pair[1]), min_size=6, max_size=12))
def test_parts_are_parts_in_any_order(pairs):
    assert set(of("family", *((f"{a}-{b}", f"{b} {a}") for a, b in pairs))) == {"order"}
    assert set(of("family", *((f"{a} {b}", a) for a, b in pairs), *((b, f"{a}-{b}") for a, b in pairs))) == {"part"}


@SOME
@given(st.lists(WORDS, min_size=6, max_size=12), st.randoms(use_true_random=False))
def test_one_letter_is_one_letter(names, rng):
    typos = [(name, mistyped(rng, name)) for name in names]

    assert set(of("family", *typos)) <= {"same", "letter"}
    assert set(of("given", *typos)) <= {"same", "letter", "nickname"}


@SOME
@given(st.lists(st.tuples(st.one_of(NAMES, WORDS), st.one_of(NAMES, WORDS)), min_size=6, max_size=12))
def test_either_side_may_be_the_incoming_one(pairs):
    people = [(incoming(given_name=a, family_name=b), incoming(given_name=b, family_name=a)) for a, b in pairs]
    turned = [(other, one) for one, other in people]

    assert levels(people) == levels(turned)


@SOME
@given(st.lists(st.dates().filter(lambda day: day.year > 1000), min_size=6, max_size=12))
def test_dates_are_the_same_or_swapped(days):
    written = [day.isoformat() for day in days]
    swapped = [f"{day.year:04}-{day.day:02}-{day.month:02}" for day in days]

    assert set(of("birth", *zip(written, written, strict=True))) == {"same"}
    assert set(of("birth", *zip(written, swapped, strict=True))) <= {"swapped", "same"}


def test_dates_that_are_nearly_the_same():
    assert of(
        "birth",
        ("2014-03-07", "2014-03-08"),
        ("2014-03-12", "2014-03-21"),
        ("2014-03-07", "2014-03-28"),
        ("2014-03-07", "2009-11-23"),
        ("2014-03-07", ""),
    ) == ["digit", "digits", "two", "different", "missing"]


def test_given_names():
    assert of(
        "given",
        ("Elizabeth", "Beth"),
        ("Paco", "Francisco"),
        ("Li", "Zoe"),
        ("María José", "María Luz"),
        ("J.", "James"),
        ("Olivia", "Emma"),
        ("", "Emma"),
    ) == ["nickname", "nickname", "different", "shared", "initial", "different", "missing"]


def test_names_that_stand_in_another_field():
    somebody = Person(key=1, given_name="Luz", middle_name="Elena", family_name="Soto")
    found = levels(
        [
            (somebody, Person(key=1, given_name="Luz Elena", family_name="Soto")),
            (somebody, Person(key=1, given_name="Soto", family_name="Luz")),
            (somebody, Person(key=1, given_name="Nena", preferred_name="Luz", family_name="Soto")),
        ]
    )

    assert [row["given"] for row in found] == ["moved", "swapped", "preferred"]
    assert found[1]["family"] == "swapped"


@pytest.mark.parametrize("name", ["elizabeth", "jose", "alexander"])
def test_short_forms_go_both_ways(name):
    forms = alike()

    assert forms[name]
    assert all(name in forms[form] for form in forms[name])


def test_the_list_of_short_forms_is_folded():
    forms = alike()
    assert len(forms) > 500
    assert set(of("given", *((name, name.title()) for name in list(forms)[::40]))) == {"same"}
    assert all(form == plain(form).lower() and form.isalpha() for form in forms)
