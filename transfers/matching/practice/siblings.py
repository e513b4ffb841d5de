"""Twins and siblings of a student who is on the site: other children of whom nearly everything else is the same."""

import datetime as dt
from dataclasses import replace
from random import Random
from typing import Final

from products.generator.names import draw_given, draw_language
from products.generator.plan import GRADES
from transfers.matching.nicknames import alike
from transfers.matching.people import Person
from transfers.matching.practice.noise import mistyped, plain

SECOND: Final = ("José", "Luz", "Ann", "Grace", "Lee", "Pablo", "Marie")


def twin_of(rng: Random, known: Person) -> Person:
    """A twin of a student: another child with the same birthday, often with a given name that resembles theirs."""
    sex = known.sex if rng.random() < 0.7 else rng.choice(("female", "male"))
    other = _resembling(rng, known.given_name) if rng.random() < 0.6 else ""
    while plain(other or known.given_name).lower() == plain(known.given_name).lower():
        other = draw_given(rng, draw_language(rng), sex)
    return _with_own_numbers(rng, replace(known, given_name=other, middle_name="", sex=sex), 7)


def sibling_of(rng: Random, known: Person) -> Person:
    """A brother or sister of a student, some years older or younger."""
    sex = rng.choice(("female", "male"))
    given = known.given_name
    while given == known.given_name:
        given = draw_given(rng, draw_language(rng), sex)
    years = rng.choice((-4, -3, -2, -2, -1, 1, 2, 2, 3, 4))
    born = dt.date.fromisoformat(known.birth_date) + dt.timedelta(days=-365 * years + rng.randrange(-150, 150))
    grade = GRADES[min(max(GRADES.index(known.grade) + years, 0), len(GRADES) - 1)]
    child = replace(known, given_name=given, middle_name="", sex=sex, birth_date=born.isoformat(), grade=grade)
    return _with_own_numbers(rng, child, 6)


def _resembling(rng: Random, given: str) -> str:
    """What parents of twins choose: one letter apart, a shared first name, the same beginning, a related name."""
    first = given.partition(" ")[0]
    forms = alike().get(plain(first).lower(), ())
    return rng.choice(
        (
            mistyped(rng, first),
            f"{first} {rng.choice(SECOND)}" if " " in given else mistyped(rng, first),
            first[:3] + rng.choice(("ana", "a", "en", "on", "lyn", "iel", "ia")),
            rng.choice(forms).capitalize() if forms else mistyped(rng, first),
        )
    )


def _with_own_numbers(rng: Random, child: Person, nth: int) -> Person:
    """Identifiers of another child, from the few that an office gives out to one family; at times their e-mail."""
    return replace(
        child,
        state_id=str(int(child.state_id) // 8 * 8 + nth),
        student_number=str(int(child.student_number) + nth),
        email=child.email if rng.random() < 0.02 else f"other{child.key}.{nth}@generated.example",
    )
