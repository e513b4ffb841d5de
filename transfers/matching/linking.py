"""The whole linkage of some people with others: what the district's side, the benchmarks and the tests call."""

from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa

from transfers.matching.belief import Belief, beliefs
from transfers.matching.candidates import Choice
from transfers.matching.choosing import choose
from transfers.matching.duck import sealed
from transfers.matching.identifiers import for_site
from transfers.matching.linkage import Linkage
from transfers.matching.parameters import Parameters, shipped
from transfers.matching.people import PLACES, PLAIN, Address, Person, as_table, unpack_guardians
from transfers.matching.scoring import score


def link(
    incoming: Sequence[Person],
    site: Iterable[pa.Table],
    parameters: Parameters | None = None,
    guardians: Callable[[list[int]], pa.Table] | None = None,
) -> list[Choice]:
    """Link incoming students with those of a site.

    Args:
        site: the site's students in batches of `people.SCHEMA`; they are read once and not kept.
        parameters: of the model; those that were trained ahead unless given.
        guardians: where the batches lack them: asked once, for the guardians (`key`, `guardians`) of those of the site
            who may be an incoming student.

    Returns:
        a choice for each incoming student, in their order; no two of them have the same record.
    """
    if not incoming:
        return []
    with sealed() as connection:
        linkage = Linkage(connection, as_table(incoming))
        for batch in site:
            linkage.add_site(batch)
        if guardians is not None:
            linkage.add_guardians(guardians(linkage.possible()))
        found = believed(linkage, incoming, parameters or shipped())
        return choose(incoming, _records(linkage, {belief.pair.site for belief in found}), found)


def believed(linkage: Linkage, incoming: Sequence[Person], parameters: Parameters) -> list[Belief]:
    """The pairs of a linkage that has seen its whole site, with their probabilities."""
    fitted = for_site(parameters, linkage.students)
    known = {person.key: person.known_as for person in incoming if person.known_as is not None}
    return beliefs(score(linkage, fitted), fitted, incoming=len(incoming), site=linkage.students, known=known)


def _records(linkage: Linkage, keys: set[int]) -> dict[int, Person]:
    """The site's records of some keys."""
    columns = ", ".join(("key", *PLAIN, "guardians", *PLACES))
    wanted = pa.table({"key": pa.array(sorted(keys), pa.int64())})
    linkage.connection.register("wanted", wanted)
    rows = linkage.connection.execute(f"SELECT {columns} FROM site WHERE key IN (SELECT key FROM wanted)").fetchall()
    linkage.connection.unregister("wanted")
    return {row[0]: _person(row) for row in rows}


def _person(row: tuple[object, ...]) -> Person:
    plain = {name: str(text) for name, text in zip(PLAIN, row[1:], strict=False)}
    guardians, places = str(row[1 + len(PLAIN)]), row[2 + len(PLAIN) :]
    return Person(
        key=int(str(row[0])),
        guardians=unpack_guardians(guardians),
        address=Address(*(str(place) for place in places)),
        **plain,  # type: ignore[arg-type]
    )
