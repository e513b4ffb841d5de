"""One to one, whatever the probabilities."""

import random

from hypothesis import given
from hypothesis import strategies as st

from transfers.matching.assignment import LIKELY, assign, contested

CHANCES = st.sampled_from([0.0, 0.2, 0.49, 0.5, 0.7, 0.99, 0.99, 1.0])
PAIRS = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), CHANCES, max_size=20).map(
    lambda found: [(incoming, site, chance) for (incoming, site), chance in found.items()]
)


@given(PAIRS)
def test_nobody_is_taken_twice(pairs):
    chosen = assign(pairs)

    assert len(set(chosen.values())) == len(chosen)
    chance = {(incoming, site): value for incoming, site, value in pairs}
    assert all(chance[pair] >= LIKELY for pair in chosen.items())


@given(PAIRS)
def test_no_likely_pair_of_two_who_are_free_is_left(pairs):
    chosen = assign(pairs)

    free = [pair for pair in pairs if pair[0] not in chosen and pair[1] not in chosen.values()]
    assert all(chance < LIKELY for _, _, chance in free)


@given(PAIRS)
def test_a_pair_is_given_up_only_for_one_that_is_as_likely(pairs):
    chosen = assign(pairs)
    chance = {(incoming, site): value for incoming, site, value in pairs}
    of_site = {site: incoming for incoming, site in chosen.items()}

    for incoming, site, value in pairs:
        if value >= LIKELY and chosen.get(incoming) != site:
            kept = [
                chance[pair]
                for pair in ((incoming, chosen.get(incoming)), (of_site.get(site), site))
                if None not in pair
            ]
            assert max(kept) >= value


@given(PAIRS, st.integers(0, 99))
def test_the_order_in_which_pairs_come_does_not_matter(pairs, seed):
    shuffled = random.Random(seed).sample(pairs, len(pairs))

    assert assign(shuffled) == assign(pairs)
    assert contested(shuffled) == contested(pairs)


def test_a_record_that_two_are_likely_to_be_is_contested():
    assert contested([(1, 9, 0.99), (2, 9, 0.6), (3, 8, 0.99), (4, 8, 0.3)]) == {9}
