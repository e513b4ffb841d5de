"""Children whom a reviewer would know, or would not: each with its band and the evidence in words."""

from dataclasses import replace

import pytest

from tests.transfers.matching.people import Person, choices, here, incoming, words

EXAMPLES: dict[str, tuple[Person, dict[str, object], str, bool]] = {
    # name: the student here, what the previous site has differently, the band, whether the default is this record
    "alike": (here(1, "Lucía", "Garcia"), {}, "matched", True),
    "written otherwise": (
        here(2, "Noémi", "Marín-Solís"),
        {"given_name": "NOEMI", "family_name": "Marin Solis"}, "matched", True,
    ),
    "another order": (here(3, "Inés", "Campos Lara"), {"family_name": "Lara-Campos"}, "matched", True),
    "one family name": (here(4, "Iris", "Ochoa Vega"), {"family_name": "Ochoa"}, "matched", True),
    "day and month": (
        here(5, "Thea", "Lindgren", birth_date="2014-03-07"),
        {"birth_date": "2014-07-03"}, "matched", True,
    ),
    "one digit": (here(6, "Ruth", "Osei", birth_date="2014-03-07"), {"birth_date": "2014-03-08"}, "matched", True),
    "a digit, and nobody else": (
        here(7, "Vera", "Moss"),
        {"birth_date": "2014-04-19", "guardians": ()}, "review", True,
    ),
    "a short form": (here(8, "Katherine", "Boyd", state_id="9000000801"), {"given_name": "Kate"}, "matched", True),
    "mistyped": (here(9, "Jimena", "Rubio"), {"given_name": "Jimeoa"}, "review", True),
    "mistyped, with a state ID": (
        here(10, "Salome", "Frey", state_id="9000000701"),
        {"given_name": "Saolme"}, "matched", True,
    ),
    "names changed places": (
        here(11, "Wanda", "Pryor"),
        {"given_name": "Pryor", "family_name": "Wanda"}, "review", True,
    ),
    "middle in given": (
        here(12, "Ada Grace", "Holt"),
        {"given_name": "Ada", "middle_name": "Grace"}, "matched", True,
    ),
    "married parents": (here(13, "Fay", "Dunn", state_id="9000000301"), {"family_name": "Zielinski"}, "review", True),
    "another child's state ID": (
        here(14, "Gwen", "Pike", state_id="9000000401"),
        {"given_name": "Boris", "family_name": "Schmidt", "birth_date": "2009-12-24", "guardians": (), "sex": "male"},
        "review", False,
    ),
    "another state ID": (here(15, "Nell", "Ashby", state_id="9000000501"), {"state_id": "4410077"}, "review", True),
    "a twin": (
        here(16, "Mabel", "Stroud", state_id="9000000601"),
        {"given_name": "Hilda", "state_id": ""}, "review", False,
    ),
    "a twin brother": (
        here(17, "Edith", "Larkin", state_id="9000000605"),
        {"given_name": "Otis", "sex": "male", "state_id": "9000000606"}, "new", False,
    ),
    "a twin of a like name": (here(18, "Jaden", "Croft"), {"given_name": "Jayden"}, "review", True),
    "a sibling": (
        here(19, "Molly", "Tate"),
        {"given_name": "Oscar", "birth_date": "2011-08-30", "grade": "08", "sex": "male"}, "new", False,
    ),
    "no more than a Student ID": (
        here(20, "Pearl", "Quist"),
        {"given_name": "Igor", "family_name": "Vance", "birth_date": "2008-01-15", "grade": "11", "guardians": (),
         "sex": "male", "student_number": "40020"},
        "new", False,
    ),
    "came before": (
        here(21, "Dora", "Finch"),
        {"given_name": "Dora", "grade": "06", "guardians": (), "known_as": 21}, "matched", True,
    ),
    "came before, as another": (
        here(22, "Elsa", "Grimm"),
        {"given_name": "Otto", "family_name": "Weiss", "known_as": 22}, "review", True,
    ),
    "twins born with two first names": (here(23, "Luz María", "Arce"), {"given_name": "Luz Elena"}, "review", False),
}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    site = [student for student, _, _, _ in EXAMPLES.values()]
    coming = [incoming(student, **changes) for student, changes, _, _ in EXAMPLES.values()]
    return dict(zip(EXAMPLES, choices(coming, site), strict=True))


@pytest.mark.parametrize("example", EXAMPLES)
def test_band(found, example):
    student, _, band, taken = EXAMPLES[example]

    choice = found[example]
    assert (choice.band.value, choice.match == student.key) == (band, taken), words(choice) if choice.candidates else ""


@pytest.mark.parametrize(
    ("example", "field", "said"),
    [
        ("alike", "Family name", "Garcia: the same"),
        ("written otherwise", "Given name", "NOEMI and Noémi: the same but for accents, hyphens, capitals or spaces"),
        ("another order", "Family name", "Lara-Campos and Campos Lara: the same parts in another order"),
        ("one family name", "Family name", "Ochoa and Ochoa Vega: one has a part that the other lacks"),
        ("day and month", "Birth date", "2014-07-03 and 2014-03-07: day and month swapped"),
        ("one digit", "Birth date", "2014-03-08 and 2014-03-07: one digit off"),
        ("a short form", "Given name", "Kate and Katherine: one is a short form of the other"),
        ("mistyped", "Given name", "Jimeoa and Jimena: one letter apart"),
        ("middle in given", "Given name", "Ada and Ada Grace: with the middle name the same, divided in another way"),
        ("alike", "Guardians", "Ana Garcia: the same e-mail address or phone"),
        ("a digit, and nobody else", "Guardians", "Ana Moss, unknown on the previous site"),
        ("alike", "Student ID", "9300001 and 40001: different, as each district gives its own"),
        ("another state ID", "State ID", "4410077 and 9000000501: different"),
        ("came before", "Earlier import", "this student was imported before, and went to this record"),
        (
            "mistyped", "To review",
            "A twin could be written down like this, and there is no identifier that tells them apart",
        ),
        ("married parents", "To review", "An identifier is the same, but the family name differs"),
        ("another state ID", "To review", "The state IDs differ"),
    ],
)  # fmt: skip
def test_words(found, example, field, said):
    assert said in words(found[example])[field]


def test_evidence_stands_in_the_order_of_the_screen(found):
    fields = [line.field for line in found["alike"].candidates[0].evidence]

    assert fields == ["Family name", "Given name", "Birth date", "Grade", "Sex", "Guardians", "Student ID"]
    assert str(found["alike"].candidates[0].evidence[0]) == "Family name: Garcia: the same"


def test_two_of_one_record_and_one_of_two():
    student, double = here(1, "Lucía", "Garcia"), here(2, "Wren", "Abbott")
    site = [student, double, replace(double, key=3)]

    first, second, tied = choices([incoming(student), incoming(student, key=502), incoming(double, key=503)], site)

    assert [first.band.value, second.band.value, tied.band.value] == ["review"] * 3
    assert (first.match, second.match) == (student.key, None)
    assert (
        words(second)["To review"]
        == words(first)["To review"]
        == "More than one incoming student is likely to be this record"
    )
    assert tied.match in {2, 3}
    assert {candidate.site for candidate in tied.candidates} == {2, 3}
    assert "Another record of this site fits about as well" in words(tied)["To review"]


def test_nobody_comes_and_nobody_is_here():
    assert choices([], []) == []

    (alone,) = choices([Person(key=1)], [])
    assert (alone.band.value, alone.match, alone.candidates) == ("new", None, ())
