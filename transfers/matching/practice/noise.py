"""How a second school office writes down a child that a first one has written down already."""

import string
import unicodedata
from dataclasses import replace
from random import Random
from typing import Final

from transfers.matching.nicknames import alike
from transfers.matching.people import GuardianRecord, Person

GRADES: Final = ("PK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")
PLAIN_OFFICE: Final = 0.3
"""Of the offices, those whose system knows no accents."""


def plain(text: str) -> str:
    """A text without accents, as systems of old write it."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def mistyped(rng: Random, text: str) -> str:
    """A text with one letter more, less, other, or two transposed."""
    if len(text) < 3:
        return text
    nth = rng.randrange(1, len(text) - 1)
    letter = rng.choice(string.ascii_lowercase)
    return rng.choice(
        (
            text[:nth] + text[nth + 1 :],
            text[:nth] + letter + text[nth:],
            text[:nth] + letter + text[nth + 1 :],
            text[:nth] + text[nth + 1] + text[nth] + text[nth + 2 :],
        )
    )


def written_elsewhere(rng: Random, person: Person, key: int) -> Person:
    """The same child in another district's system."""
    given, middle = _given(rng, person)
    family = _family(rng, person.family_name)
    if rng.random() < 0.01:
        given, family = family, given
    if rng.random() < PLAIN_OFFICE:
        given, middle, family = plain(given), plain(middle), plain(family)
    return replace(
        person,
        key=key,
        given_name=given,
        middle_name=middle,
        family_name=family,
        preferred_name=person.given_name.split()[0] if rng.random() < 0.02 else "",
        birth_date=_birth_date(rng, person.birth_date),
        grade=_grade(rng, person.grade),
        sex=rng.choices((person.sex, "", "male", "female"), (98, 1, 0.5, 0.5))[0],
        state_id=_state_id(rng, person.state_id),
        student_number=person.student_number if rng.random() < 0.08 else f"{rng.randrange(10**6):06}",
        email=person.email if rng.random() < 0.05 else f"s{key}@elsewhere.example" * (rng.random() < 0.7),
        guardians=_guardians(rng, person.guardians),
    )


def _given(rng: Random, person: Person) -> tuple[str, str]:
    """Given and middle name: short forms, parts lost or moved, mistypings."""
    given, middle = person.given_name, person.middle_name
    words = given.split()
    forms = alike().get(plain(words[0]).lower())
    if len(words) > 1 and rng.random() < 0.25:
        given, middle = words[0], rng.choice((" ".join(words[1:]), middle, ""))
    elif forms and rng.random() < 0.05:
        given = rng.choice(forms).capitalize()
    elif rng.random() < 0.03:
        given = mistyped(rng, given)
    elif " " in given and rng.random() < 0.2:
        given = given.replace(" ", "-")
    middle = rng.choices((middle, middle[:1], ""), (50, 20, 30))[0]
    return given, middle


def _family(rng: Random, family: str) -> str:
    """A family name: of two names one lost, turned round or hyphened; mistyped; now and then another one."""
    words = family.replace("-", " ").split()
    if len(words) == 2 and rng.random() < 0.35:
        first, second = words
        return rng.choice((f"{first}-{second}", f"{second} {first}", f"{second}-{first}", first, first, second))
    if rng.random() < 0.03:
        return mistyped(rng, family)
    if rng.random() < 0.01:
        return rng.choice(("Stone", "Rivers", "Fields", "Winter", "Baptiste", "Marin", "Duran", "Tran", "Cole"))
    return family


def _birth_date(rng: Random, date: str) -> str:
    """A birth date: day and month swapped, a digit off, unknown."""
    year, month, day = date.split("-")
    luck = rng.random()
    if luck < 0.01 and int(day) <= 12:
        return f"{year}-{day}-{month}"
    if luck < 0.025:
        return f"{year}-{month}-{rng.randrange(1, 29):02}"
    if luck < 0.03:
        return f"{int(year) + rng.choice((-1, 1))}-{month}-{day}"
    return "" if luck < 0.035 else date


def _grade(rng: Random, grade: str) -> str:
    nth = GRADES.index(grade) + rng.choices((0, 1, -1), (88, 9, 3))[0]
    return GRADES[min(max(nth, 0), len(GRADES) - 1)]


def _state_id(rng: Random, state_id: str) -> str:
    luck = rng.random()
    if luck < 0.14:
        return ""
    return mistyped_digit(rng, state_id) if luck < 0.15 else state_id


def mistyped_digit(rng: Random, text: str) -> str:
    """A number with another digit in one place."""
    nth = rng.randrange(1, len(text))
    return text[:nth] + rng.choice(string.digits.replace(text[nth], "")) + text[nth + 1 :]


def _guardians(rng: Random, guardians: tuple[GuardianRecord, ...]) -> tuple[GuardianRecord, ...]:
    """Some of them, with a new phone or another address of e-mail at times."""
    if rng.random() < 0.1:
        return ()
    kept = guardians if rng.random() < 0.7 else guardians[:1]
    return tuple(
        replace(
            one,
            given_name=mistyped(rng, one.given_name) if rng.random() < 0.03 else one.given_name,
            phone=one.phone if rng.random() < 0.5 else f"({rng.randrange(201, 990)}) 555-01{rng.randrange(100):02}",
            email=one.email if rng.random() < 0.6 else "",
        )
        for one in kept
    )
