"""Students as both sites know them, a site of others around them, and how a test asks what the linkage says."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from transfers.matching.candidates import Choice
from transfers.matching.comparisons import STUDENT
from transfers.matching.duck import sealed
from transfers.matching.linkage import INCOMING, SITE, Linkage
from transfers.matching.linking import link
from transfers.matching.people import GuardianRecord, Person, as_table

GIVEN = ["Abigail", "Noah", "Emma", "Liam", "Priya", "Mateo", "Chloe", "Omar", "Grace", "Felix", "Ruby", "Henry"]
FAMILIES = [
    "Baker",
    "Chen",
    "Diaz",
    "Evans",
    "Fischer",
    "Gupta",
    "Hughes",
    "Ibrahim",
    "Jones",
    "Kowalski",
    "Nguyen",
    "Reyes",
]


def here(nth: int, given: str, family: str, **facts: Any) -> Person:
    """A student of this site: a birth date, a guardian and a Student ID of their own."""
    mother = GuardianRecord("Ana", family, f"ana{nth}@home.example", f"(555) 555-{nth:04}")
    born = f"2014-{3 + nth % 3:02}-{7 + nth % 4:02}"
    facts = {"birth_date": born, "grade": "05", "sex": "female", "guardians": (mother,), **facts}
    return Person(key=nth, given_name=given, family_name=family, student_number=f"4{nth:04}", **facts)


def incoming(known: Person | None = None, **changes: Any) -> Person:
    """The same student as the previous site has them: but for some changes, and with a number of that district's."""
    known = known or here(1, "Lucía", "Garcia")
    return replace(known, **{"key": 500 + known.key, "student_number": f"93{known.key:05}", **changes})


OTHERS = tuple(
    here(
        1000 + 12 * row + column, given, family, birth_date=f"{2008 + row}-{1 + column:02}-{1 + 2 * row:02}",
        grade=f"{1 + column:02}", state_id=f"77{(12 * row + column) * 7919:08}",
    )
    for row, given in enumerate(GIVEN) for column, family in enumerate(FAMILIES)
)  # fmt: skip
"""A site needs some students for a match to be told from chance."""


def choices(coming: Sequence[Person], site: Sequence[Person]) -> list[Choice]:
    """The choices for incoming students on a site with a hundred and more others."""
    return link(coming, [as_table([*site, *OTHERS])])


def words(found: Choice) -> dict[str, str]:
    """The evidence of the likeliest candidate, by field; notes to the reviewer together."""
    lines: dict[str, str] = {}
    for line in found.candidates[0].evidence:
        lines[line.field] = "; ".join(filter(None, (lines.get(line.field), line.words)))
    return lines


def levels(pairs: Sequence[tuple[Person, Person]]) -> list[dict[str, str]]:
    """The level of each comparison for some pairs, in their order: the conditions of the model, evaluated."""
    left = as_table([replace(one, key=nth) for nth, (one, _) in enumerate(pairs)])
    right = as_table([replace(other, key=nth) for nth, (_, other) in enumerate(pairs)])
    with sealed() as connection:
        linkage = Linkage(connection, left, whole=True)
        linkage.add_pairs(right, "SELECT key AS incoming, key AS site FROM batch")
        linkage.fold()
        cases = ", ".join(_case(field.missing, [(one.name, one.when) for one in field.levels]) for field in STUDENT)
        columns = [f"{one}.{name} AS {name}_{one}" for one in "lr" for name in _columns(linkage)]
        rows = connection.execute(
            f"SELECT {cases} FROM (SELECT l.unique_id, {', '.join(columns)} FROM {INCOMING} AS l"
            f" JOIN {SITE} AS r USING (unique_id)) ORDER BY unique_id"
        ).fetchall()
    return [dict(zip((field.field for field in STUDENT), row, strict=True)) for row in rows]


def _columns(linkage: Linkage) -> list[str]:
    found = linkage.connection.execute(f"DESCRIBE {INCOMING}").fetchall()
    return [row[0] for row in found if row[0] not in {"unique_id", "source_dataset"}]


def _case(missing: str, conditions: list[tuple[str, str]]) -> str:
    whens = " ".join(f"WHEN {when} THEN '{name}'" for name, when in conditions)
    return f"CASE WHEN {missing} THEN 'missing' {whens} ELSE 'different' END"
