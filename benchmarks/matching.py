"""The linkage of transferred students: how well on FEBRL 4 and on made-up twins, how fast and in how much memory."""

from collections import Counter
from collections.abc import Iterator

from django.db import connection, transaction
from psycopg import sql

from benchmarks import matching_febrl as febrl
from benchmarks.matching_data import matching_district, matching_pair
from benchmarks.matching_plain import best, by_strings, exact
from benchmarks.measure import Result, interleaved
from benchmarks.memory import matching_peaks
from tenants.models import District
from tenants.schema import district_table, enter_district
from transfers.imports.models import Import, IncomingStudent
from transfers.matching.candidates import Band, Choice
from transfers.matching.linking import link
from transfers.matching.people import Person, as_table
from transfers.matching.practice.districts import DistrictPair, make_pair
from transfers.matching.services import match_incoming

SEEDS = (101, 102, 103)
FLOOR = """
SELECT count(*) FROM {incoming} AS i JOIN {identities} AS s
  ON s.family_name %% i.family_name AND s.given_name %% i.given_name
WHERE i.transfer_id = %s
"""


def measure(site: int) -> Iterator[Result]:
    """Quality, then speed and memory with a site of so many students."""
    left, right = febrl.febrl("dataset4a"), febrl.febrl("dataset4b")
    yield from _febrl("with identifiers", left, right, 0.995)
    yield from _febrl("without identifiers", febrl.without_identifier(left), febrl.without_identifier(right), 0.98)
    names = febrl.names_and_birth_dates(left), febrl.names_and_birth_dates(right)
    yield from _febrl("names and birth dates alone", *names, None)
    for seed in SEEDS:
        yield from _districts(seed)
    yield from _speed(site)


def _febrl(what: str, left: list[Person], right: list[Person], bar: float | None) -> Iterator[Result]:
    identified = any(person.state_id for person in left)
    people = len(left)
    model = febrl.f1(febrl.linked(left, right), people)
    yield Result(f"FEBRL 4 {what}", model, None, bar, "no labels", unit="F1", at_least=True)
    value = febrl.f1(exact(left, right, identified), people)
    yield Result(
        f"FEBRL 4 {what}: exact matching", value, None, None, "identifier, else names and birth date", unit="F1"
    )
    value, threshold = best(by_strings(left, right), lambda matches: febrl.f1(matches, people))
    note = f"mean Jaro-Winkler, threshold {threshold} chosen with the labels"
    yield Result(f"FEBRL 4 {what}: string distance", value, None, None, note, unit="F1")


def _districts(seed: int) -> Iterator[Result]:
    pair = make_pair(seed, 20_000, back=2_000, twins=500, siblings=2_000, strangers=1_000)
    site = as_table(pair.site)
    choices = link(pair.incoming, [site])
    silent = {choice.incoming: choice.match for choice in choices if choice.band == Band.MATCHED and choice.match}
    note = (
        f"seed {seed}; 500 twins, 2,000 siblings, 2,000 who are on the site, 1,000 strangers; {_bands(pair, choices)}"
    )
    yield Result("false matches in the matched band", _false(pair, silent), None, 0, note, unit="")
    matches = exact(pair.incoming, pair.site, identifier=True)
    found = f"found {_found(pair, matches):.1%}"
    yield Result("the same by exact matching", _false(pair, matches), None, None, found, unit="")
    pairs = by_strings(pair.incoming, pair.site)
    _, threshold = best(pairs, lambda matches: _found(pair, matches) - _false(pair, matches) / len(pair.truth))
    matches = _at(pairs, threshold)
    found = f"found {_found(pair, matches):.1%}; threshold {threshold} chosen with the labels"
    yield Result("the same by string distance", _false(pair, matches), None, None, found, unit="")


def _at(pairs: list[tuple[int, int, float]], threshold: float) -> dict[int, int]:
    from transfers.matching.assignment import assign  # noqa: PLC0415

    return assign(pair for pair in pairs if pair[2] >= threshold)


def _bands(pair: DistrictPair, choices: list[Choice]) -> str:
    """Of those who are on the site, how many are in which band, and of the others how many are flagged."""
    known = Counter(choice.band for choice in choices if choice.incoming in pair.truth)
    others = Counter(choice.band for choice in choices if choice.incoming not in pair.truth)
    shares = ", ".join(f"{band.value} {known[band] / len(pair.truth):.1%}" for band in Band)
    return f"of those on it {shares}; of the others {others[Band.REVIEW] / others.total():.1%} to review"


def _false(pair: DistrictPair, matches: dict[int, int]) -> int:
    return sum(pair.truth.get(incoming) != site for incoming, site in matches.items())


def _found(pair: DistrictPair, matches: dict[int, int]) -> float:
    return sum(matches.get(incoming) == site for incoming, site in pair.truth.items()) / len(pair.truth)


def _speed(site: int) -> Iterator[Result]:
    pair = matching_pair(site)
    district = matching_district("matching-large", pair)
    smaller = matching_district("matching-small", matching_pair(site // 10))
    value, floor = interleaved(lambda: analyze(district), lambda: join_by_trigrams(district), 5)
    size = f"{len(pair.incoming):,} incoming against {len(pair.site):,} on the site"
    yield Result("matching an import", value, floor, 4.0, f"{size}; a join by pg_trgm's % on both names, indexed")
    yield matching_peaks(smaller.slug, district.slug, f"{site:,} students on the site against {site // 10:,}")


def analyze(district: District) -> None:
    """The matching of the district's one import, whole, as the analysis does it."""
    with enter_district(district), transaction.atomic():
        match_incoming(Import.objects.get())


def join_by_trigrams(district: District) -> None:
    """The floor: the possible pairs alone, by PostgreSQL."""
    with enter_district(district), transaction.atomic(), connection.cursor() as cursor:
        tables = {
            "incoming": district_table("transfer_imports_incomingstudent"),
            "identities": district_table("rostering_studentidentity"),
        }
        cursor.execute(sql.SQL(FLOOR).format(**tables), [Import.objects.get().pk])
        if not cursor.fetchone() or not IncomingStudent.objects.exists():
            raise RuntimeError("the join found nobody to join")
