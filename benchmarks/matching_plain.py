"""What a model is to be compared with: exact matching, and the mean similarity of the fields as strings."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from transfers.matching.assignment import assign
from transfers.matching.duck import sealed
from transfers.matching.linkage import INCOMING, SITE, Linkage
from transfers.matching.people import Person, as_table

TEXTS = ("given", "family", "birth", "house", "street", "place", "suburb", "postcode", "region", "state_id")


def exact(left: Sequence[Person], right: Sequence[Person], identifier: bool) -> dict[int, int]:
    """Who has the same identifier, or else the same names and birth date, as exactly one other."""
    matches: dict[int, int] = {}
    by_name: Callable[[Person], tuple[str, ...]] = lambda p: (p.given_name, p.family_name, p.birth_date)  # noqa: E731
    by_id: Callable[[Person], tuple[str, ...]] = lambda p: (p.state_id,)  # noqa: E731
    for key in (by_id, by_name) if identifier else (by_name,):
        known: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for person in right:
            known[key(person)].append(person.key)
        taken = set(matches.values())
        for person in left:
            found = known[key(person)] if all(key(person)) else []
            if len(found) == 1 and person.key not in matches and found[0] not in taken:
                matches[person.key] = found[0]
                taken.add(found[0])
    return matches


def by_strings(left: Sequence[Person], right: Sequence[Person]) -> list[tuple[int, int, float]]:
    """Of the same possible pairs as the model's, the mean Jaro-Winkler similarity of the fields that both have."""
    with sealed() as connection:
        linkage = Linkage(connection, as_table(left))
        linkage.add_site(as_table(right))
        linkage.fold()
        filled = [
            f"CASE WHEN l.{one} <> '' AND r.{one} <> '' THEN jaro_winkler_similarity(l.{one}, r.{one}) END"
            for one in TEXTS
        ]
        return connection.execute(
            f"SELECT incoming, site, list_avg([{', '.join(filled)}]) FROM pair"
            f" JOIN {INCOMING} AS l ON l.unique_id = incoming JOIN {SITE} AS r ON r.unique_id = site"
        ).fetchall()


def best(pairs: list[tuple[int, int, float]], value: Callable[[dict[int, int]], float]) -> tuple[float, float]:
    """The threshold that gives the highest value, and that value: chosen with the labels, as the model's is not."""
    found = []
    for percent in range(50, 100):
        threshold = percent / 100
        matches = assign((left, right, score) for left, right, score in pairs if score >= threshold)
        found.append((value(matches), threshold))
    score, threshold = max(found)
    return score, threshold
