"""A pair of districts, made up: one that receives students and one that they come from, and who is who.

Families, siblings and twins are those of `products.generator`; what it does not make is added here: children who come
back as another office writes them down, and the twins and siblings of children who are on the site while they
themselves are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from products.generator.families import Family, Student, families
from products.generator.plan import GRADES, Plan
from transfers.matching.people import GuardianRecord, Person
from transfers.matching.practice.noise import plain, written_elsewhere
from transfers.matching.practice.siblings import sibling_of, twin_of

YEAR: Final = 2026
FIRST_INCOMING: Final = 10_000_000
"""Keys of incoming students start here; the site's are below."""


@dataclass
class DistrictPair:
    """Incoming students and a site.

    Attributes:
        truth: for each incoming student the key on the site; who is not there is not in it.
        kind: what each incoming student is: "back", "twin", "sibling" or "stranger".
    """

    site: list[Person] = field(default_factory=list)
    incoming: list[Person] = field(default_factory=list)
    truth: dict[int, int] = field(default_factory=dict)
    kind: dict[int, str] = field(default_factory=dict)

    def add(self, kind: str, person: Person, known: int | None = None) -> None:
        """One more incoming student; `known` is the site's key of the same child."""
        self.incoming.append(person)
        self.kind[person.key] = kind
        if known is not None:
            self.truth[person.key] = known


def make_pair(seed: int, site: int, *, back: int, twins: int, siblings: int, strangers: int) -> DistrictPair:
    """A pair of districts that follows from the seed.

    Args:
        site: students on the site that receives.
        back: incoming students who are on it already.
        twins: incoming students whose twin is on it, and they are not.
        siblings: the same of a brother or sister who is no twin.
        strangers: incoming students of families that nobody there knows.
    """
    rng = Random(seed)
    pair = DistrictPair(site=list(people(Plan(site, seed, YEAR))))
    keys = iter(range(FIRST_INCOMING, 2 * FIRST_INCOMING))
    for known in rng.sample(pair.site, back):
        pair.add("back", written_elsewhere(rng, known, next(keys)), known.key)
    for known in rng.sample(pair.site, twins):
        pair.add("twin", _told_apart(rng, known, twin_of(rng, known), next(keys)))
    for known in rng.sample(pair.site, siblings):
        pair.add("sibling", written_elsewhere(rng, sibling_of(rng, known), next(keys)))
    for person in people(Plan(max(strangers, 1), seed + 1, YEAR), limit=strangers):
        stranger = replace(person, state_id=f"8{person.state_id[1:]}")
        pair.add("stranger", written_elsewhere(rng, stranger, next(keys)))
    return pair


def _told_apart(rng: Random, known: Person, twin: Person, key: int) -> Person:
    """A twin as another office writes them down, but not exactly as the known one: nobody could tell such two apart."""
    while True:
        written = written_elsewhere(rng, twin, key)
        if plain(written.given_name).casefold() != plain(known.given_name).casefold():
            return written


def people(plan: Plan, limit: int | None = None) -> Iterator[Person]:
    """The students of a made-up district, with their guardians."""
    count = 0
    for family in families(plan):
        for student in family.students:
            if limit is not None and count == limit:
                return
            count += 1
            yield _person(plan, family, student)


def _person(plan: Plan, family: Family, student: Student) -> Person:
    child = student.child
    return Person(
        key=child.number + 1,
        given_name=child.given,
        middle_name=child.middle,
        family_name=family.name,
        birth_date=child.birth_date.isoformat(),
        grade=GRADES[student.grade],
        sex=child.sex,
        state_id=str(9_000_000_000 + child.number),
        student_number=student.student_number,
        email=f"s{child.number}@{plan.slug}{plan.seed}.example",
        guardians=tuple(
            GuardianRecord(one.given, one.family, f"{plain(one.given).lower()}{family.number}@home.example", one.phone)
            for one in family.adults
        ),
    )
