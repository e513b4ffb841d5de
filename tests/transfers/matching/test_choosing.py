"""From evidence to choices, with made-up evidence: what holds for every import."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transfers.matching.people import incoming
from transfers.matching.belief import beliefs
from transfers.matching.candidates import Band
from transfers.matching.choosing import choose
from transfers.matching.doubts import POSSIBLE, SURE
from transfers.matching.parameters import shipped
from transfers.matching.people import Person
from transfers.matching.scoring import Scored

PARAMETERS = shipped()
FIELDS = ("family", "given", "birth", "sex", "guardian", "state_id")
LEVELS = st.fixed_dictionaries({field: st.sampled_from([*PARAMETERS.same[field], "missing"]) for field in FIELDS})
FOUND = st.dictionaries(
    st.tuples(st.integers(1, 4), st.integers(11, 14)), st.tuples(st.floats(-10, 60), LEVELS), max_size=12
).map(lambda found: [Scored(one, other, weight, levels) for (one, other), (weight, levels) in found.items()])
SOME = settings(max_examples=40, deadline=None)
COMING = [incoming(key=key) for key in range(1, 5)]
SITE = {key: Person(key=key, given_name="Lucía", family_name="Garcia") for key in range(11, 15)}


def believed(found, known=None):
    return beliefs(found, PARAMETERS, incoming=len(COMING), site=1000, known=known or {})


@SOME
@given(FOUND)
def test_no_two_incoming_students_go_onto_one_record(found):
    choices = choose(COMING, SITE, believed(found))

    assert [choice.incoming for choice in choices] == [person.key for person in COMING]
    matches = [choice.match for choice in choices if choice.match is not None]
    assert len(set(matches)) == len(matches)


@SOME
@given(FOUND)
def test_a_silent_match_is_sure_and_alone(found):
    pairs = believed(found)
    for choice in choose(COMING, SITE, pairs):
        likely = [pair for pair in pairs if pair.pair.incoming == choice.incoming and pair.alone >= POSSIBLE]
        if choice.band == Band.MATCHED:
            assert choice.candidates[0].site == choice.match
            assert choice.candidates[0].probability >= SURE
            assert not [line for line in choice.candidates[0].evidence if line.field == "To review"]
            rivals = [pair for pair in pairs if pair.pair.site == choice.match and pair.alone >= 0.5]
            assert len(rivals) == 1
        if choice.band == Band.NEW:
            assert choice.match is None
            assert not likely


@SOME
@given(FOUND)
def test_the_records_of_a_site_share_one_certainty(found):
    pairs = believed(found)

    for person in COMING:
        own = [pair for pair in pairs if pair.pair.incoming == person.key]
        assert sum(pair.probability for pair in own) <= 1 + 1e-9
        assert all(0 <= pair.probability <= pair.alone + 1e-9 <= 1 + 1e-6 for pair in own)


@SOME
@given(FOUND)
def test_an_earlier_import_weighs_more_than_anything(found):
    if found:
        first = found[0]
        before = {(one.pair.incoming, one.pair.site): one.alone for one in believed(found)}
        after = {(one.pair.incoming, one.pair.site): one.alone for one in believed(found, {first.incoming: first.site})}

        assert after[first.incoming, first.site] >= before[first.incoming, first.site]


def test_two_records_that_fit_alike_halve_the_certainty():
    levels = {"family": "same", "given": "same", "birth": "same"}

    found = believed([Scored(1, 11, 30.0, levels), Scored(1, 12, 30.0, levels)])

    assert all(0.49 < pair.probability <= 0.5 for pair in found)
