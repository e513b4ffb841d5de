"""Which pairs are looked at at all: those that one of the rules below brings together.

A pair needs one thing in common: an identifier; the birth date (perhaps with day and month swapped) and the first two
letters of a name; a part of each name, in whatever order and form; a part of the family name, an initial of the given
name and two of day, month and year; or, where people have addresses, a line of theirs. Two records that share none of
these have nothing that a reviewer could recognise. Each rule is a join by equality, so it costs about
as much as reading the rows.
"""

from typing import Final

BIRTH: Final = """
SELECT i.key AS incoming, s.key AS site
FROM (
    SELECT key, unnest([birth, birth[1:4] || birth[7:8] || birth[5:6]]) AS birth,
           [left(part, 2) FOR part IN given_tokens || family_tokens] AS beginnings
    FROM incoming_base
) AS i JOIN {site} AS s USING (birth)
WHERE list_has_any(i.beginnings, [left(part, 2) FOR part IN s.given_tokens || s.family_tokens])
"""
NAMES: Final = """
SELECT i.key AS incoming, s.key AS site
FROM (
    SELECT key, unnest([hash(given, family), hash(family, given)]) AS joint
    FROM (
        SELECT key, unnest(given_tokens || [preferred] || given_alike) AS given, family_tokens
        FROM incoming_base
    ), unnest(family_tokens) AS each(family)
    WHERE length(given) > 1 AND length(family) > 1
) AS i JOIN (
    SELECT key, hash(given, family) AS joint
    FROM (SELECT key, unnest(given_tokens || [preferred]) AS given, family_tokens FROM {site}),
         unnest(family_tokens) AS each(family)
) AS s USING (joint)
"""
DATES: Final = """
SELECT i.key AS incoming, s.key AS site
FROM ({incoming_dates}) AS i JOIN ({site_dates}) AS s USING (joint)
WHERE list_has_any(i.initials, s.initials)
"""
TWO_OF_THREE: Final = """
SELECT key, initials, unnest([
    hash(part, 1, birth[1:6]), hash(part, 2, birth[5:8]), hash(part, 3, birth[1:4], birth[7:8])
]) AS joint
FROM (
    SELECT key, unnest(family_tokens) AS part, birth, [left(given, 1) FOR given IN {given}] AS initials
    FROM {table} WHERE birth <> ''
) WHERE length(part) > 1
"""
IDENTIFIERS: Final = """
SELECT i.key AS incoming, s.key AS site
FROM incoming_base AS i JOIN {site} AS s USING ({column}) WHERE {column} <> ''
"""
KNOWN: Final = """
SELECT i.key AS incoming, s.key AS site FROM incoming AS i JOIN {site} AS s ON s.key = i.known_as
"""
ADDRESSES: Final = """
SELECT i.key AS incoming, s.key AS site
FROM (SELECT key, unnest({places}) AS place FROM incoming) AS i
JOIN (SELECT key, unnest({places}) AS place FROM {raw}) AS s USING (place) WHERE length(place) > 6
"""
PLACES: Final = """
['a' || flat(parts(address_street)), 'a' || flat(parts(address_place)),
 'b' || digits(address_postcode) || fold(address_number),
 'c' || digits(address_postcode) || flat(parts(address_suburb))]
"""


def pairs(site: str, raw: str, *, places: bool) -> str:
    """The query of the possible pairs, each once.

    Args:
        site: the table with the base columns of students of the site; `incoming_base` has the incoming students'.
        raw: the table of `people.SCHEMA` that it was made of.
        places: also by addresses.
    """
    incoming_dates = TWO_OF_THREE.format(table="incoming_base", given="given_tokens || given_alike")
    site_dates = TWO_OF_THREE.format(table=site, given="given_tokens")
    rules = [
        BIRTH.format(site=site),
        NAMES.format(site=site),
        DATES.format(incoming_dates=incoming_dates, site_dates=site_dates),
        *(IDENTIFIERS.format(site=site, column=column) for column in ("state_id", "number", "email")),
        KNOWN.format(site=site),
    ]
    if places:
        rules.append(ADDRESSES.format(places=PLACES, raw=raw))
    return " UNION ".join(rules)
