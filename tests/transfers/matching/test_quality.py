"""How well it links: FEBRL 4 without labels, and a small pair of districts with twins and siblings."""

import pytest

from benchmarks.matching_febrl import f1, febrl, linked, without_identifier
from transfers.matching.candidates import Band
from transfers.matching.linking import link
from transfers.matching.people import as_table
from transfers.matching.practice.districts import make_pair

PEOPLE = 1000


def some(name):
    """The first of FEBRL's people, the same on both sides."""
    return without_identifier(person for person in febrl(name) if person.key < PEOPLE)


def test_febrl_without_identifiers():
    left, right = some("dataset4a"), some("dataset4b")

    matches = linked(left, right, random_pairs=20_000)

    assert len(left) == len(right) == PEOPLE
    assert f1(matches, PEOPLE) >= 0.98


@pytest.fixture(scope="module")
def pair():
    return make_pair(31, 3000, back=200, twins=150, siblings=300, strangers=100)


def test_twins_and_siblings_are_no_silent_match(pair):
    choices = link(pair.incoming, [as_table(pair.site)])

    silent = {choice.incoming: choice.match for choice in choices if choice.band == Band.MATCHED}
    assert silent.items() <= pair.truth.items()
    assert len(silent) >= 0.9 * len(pair.truth)
    new = {choice.incoming for choice in choices if choice.band == Band.NEW}
    assert len(new & pair.truth.keys()) <= 0.02 * len(pair.truth)
    assert len([key for key in new if pair.kind[key] == "sibling"]) >= 0.95 * 300


def test_the_same_seed_makes_the_same_districts(pair):
    few = {"back": 20, "twins": 10, "siblings": 10, "strangers": 10}

    assert make_pair(32, 300, **few) == make_pair(32, 300, **few)
    assert set(pair.kind.values()) == {"back", "twin", "sibling", "stranger"}
