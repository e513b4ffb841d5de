# ruff: noqa: RUF001 - the signs that stand for an apostrophe
"""Names folded to plain letters and split into parts, and what else is compared, as SQL of DuckDB.

José, Jose and JOSÉ fold to `jose`; O'Brien to `obrien`; Garcia-Lopez has the parts `garcia` and `lopez`. Letters of
other scripts stay as they are.
"""

from typing import Final

MACROS: Final = r"""
CREATE MACRO fold(t) AS replace(replace(replace(replace(
    translate(strip_accents(lower(coalesce(t, ''))), 'łøđðħıŧŋ' || chr(39) || '’‘`´ʻʼʹ', 'loddhitn'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
CREATE MACRO parts(t) AS list_filter(
    regexp_split_to_array(fold(t), '[^\p{L}\p{M}\p{N}]+'),
    lambda part: part <> '' AND part NOT IN ('jr', 'sr', 'ii', 'iii', 'iv')
);
CREATE MACRO weighty(words) AS CASE WHEN len(words) < 2 THEN words ELSE list_filter(words, lambda part: part NOT IN (
    'de', 'del', 'la', 'las', 'los', 'el', 'al', 'da', 'das', 'do', 'dos', 'di', 'du', 'le', 'van', 'von', 'der', 'den',
    'bin', 'ibn', 'y', 'e', 'san', 'st', 'saint')) END;
CREATE MACRO flat(words) AS array_to_string(words, '');
CREATE MACRO sorted(words) AS array_to_string(list_sort(words), ' ');
CREATE MACRO number_of(t) AS ltrim(replace(replace(upper(coalesce(t, '')), '-', ''), ' ', ''), '0');
CREATE MACRO digits(t) AS regexp_replace(coalesce(t, ''), '[^0-9]', '', 'g');
CREATE MACRO grade_number(t) AS CASE upper(t) WHEN 'PK' THEN -1 WHEN 'TK' THEN -1 WHEN 'KG' THEN 0
    ELSE try_cast(t AS INTEGER) END;
"""

NAMES: Final = """
INSERT INTO name SELECT name, parts(name) FROM (
    SELECT given_name AS name FROM {source} UNION SELECT family_name FROM {source}
    UNION SELECT preferred_name FROM {source} UNION SELECT middle_name FROM {source}
) WHERE name NOT IN (SELECT name FROM name)
"""
"""Each name is folded once, however many bear it."""

BASE: Final = """
SELECT key, g.tokens AS given_tokens, f.tokens AS family_tokens, flat(p.tokens) AS preferred, m.tokens AS middle_tokens,
       replace(birth_date, '-', '') AS birth, number_of(state_id) AS state_id, number_of(student_number) AS number,
       lower(trim(email)) AS email
FROM {source} AS person
JOIN name AS g ON g.name = given_name JOIN name AS f ON f.name = family_name
JOIN name AS p ON p.name = preferred_name JOIN name AS m ON m.name = middle_name
"""
"""What the rules of `blocking` join, of a table of `people.SCHEMA` whose names are in the table `name`."""

FULL: Final = """
SELECT '{side}' AS source_dataset, key AS unique_id,
       flat(given_tokens) AS given, sorted(given_tokens) AS given_sorted, given_tokens AS given_parts,
       coalesce(given_tokens[1], '') AS given_first,
       list_concat(given_tokens, middle_tokens) AS given_all, coalesce(alike.names, []) AS given_alike, preferred,
       flat(family_tokens) AS family, sorted(family_tokens) AS family_sorted, weighty(family_tokens) AS family_parts,
       flat(middle_tokens) AS middle, nullif(birth, '') AS birth,
       left(birth, 4) AS born_year, substr(birth, 5, 2) AS born_month, right(birth, 2) AS born_day,
       grade_number(grade) AS grade_number,
       CASE WHEN lower(sex) IN ('', 'unspecified', 'other', 'u', 'x') THEN NULL ELSE lower(sex[1]) END AS sex,
       [one[1] || ' ' || one[2] FOR one IN adults IF one[1] || one[2] <> ''] AS guardian_names,
       [one[1] FOR one IN adults IF one[1] <> ''] AS guardian_given,
       [one[3] FOR one IN adults IF one[3] <> ''] || [digits(one[4]) FOR one IN adults IF length(one[4]) >= 7]
           AS guardian_contacts,
       state_id, number, email, fold(address_number) AS house, flat(parts(address_street)) AS street,
       flat(parts(address_place)) AS place, flat(parts(address_suburb)) AS suburb,
       digits(address_postcode) AS postcode, fold(address_region) AS region
FROM ({base}) JOIN (
    SELECT key, sex, grade, address_number, address_street, address_place, address_suburb, address_postcode,
           address_region,
           [str_split(one, chr(31)) FOR one IN str_split(fold(guardians), chr(30)) IF one <> ''] AS adults
    FROM {source}
) USING (key) LEFT JOIN alike ON alike.name = given_tokens[1]
"""
"""What the comparisons of `comparisons` read. `alike` holds each name's short and long forms."""


def names(source: str) -> str:
    """The statement that folds the names of a table of `people.SCHEMA` that have not been met before."""
    return NAMES.format(source=source)


def base(source: str) -> str:
    """The query of the columns that blocking needs."""
    return BASE.format(source=source)


def full(source: str, side: str) -> str:
    """The query of the columns that comparing needs."""
    return FULL.format(base=base(source), source=source, side=side)
