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
CREATE MACRO number_of(t) AS ltrim(regexp_replace(upper(coalesce(t, '')), '[^0-9\p{L}]', '', 'g'), '0');
CREATE MACRO digits(t) AS regexp_replace(coalesce(t, ''), '[^0-9]', '', 'g');
CREATE MACRO grade_number(t) AS CASE upper(t) WHEN 'PK' THEN -1 WHEN 'TK' THEN -1 WHEN 'KG' THEN 0
    ELSE try_cast(t AS INTEGER) END;
"""

BASE: Final = """
SELECT key, parts(given_name) AS given_tokens, parts(family_name) AS family_tokens,
       flat(parts(preferred_name)) AS preferred, nullif(digits(birth_date), '') AS birth,
       number_of(state_id) AS state_id, number_of(student_number) AS number, lower(trim(coalesce(email, ''))) AS email
FROM {source}
"""
"""What the keys of `blocking` are made of."""

FULL: Final = """
WITH base AS ({base}),
guardian AS (
    SELECT key, [[str_split(one, chr(31))[1], str_split(one, chr(31))[2], str_split(one, chr(31))[3],
           str_split(one, chr(31))[4]] FOR one IN str_split(guardians, chr(30)) IF one <> ''] AS people,
           parts(middle_name) AS middle_tokens, sex, grade,
           address_number, address_street, address_place, address_suburb, address_postcode, address_region
    FROM {source}
)
SELECT '{side}' AS source_dataset, key AS unique_id,
       flat(given_tokens) AS given, sorted(given_tokens) AS given_sorted, given_tokens AS given_parts,
       list_concat(given_tokens, middle_tokens) AS given_all, coalesce(alike.names, []) AS given_alike, preferred,
       flat(family_tokens) AS family, sorted(family_tokens) AS family_sorted, weighty(family_tokens) AS family_parts,
       flat(middle_tokens) AS middle, birth, grade_number(grade) AS grade_number,
       CASE WHEN lower(sex) IN ('', 'unspecified', 'other', 'u', 'x') THEN NULL ELSE lower(sex[1]) END AS sex,
       [fold(one[1]) || ' ' || fold(one[2]) FOR one IN people IF one[1] || one[2] <> ''] AS guardian_names,
       [fold(one[1]) FOR one IN people IF one[1] <> ''] AS guardian_given,
       list_concat([lower(one[3]) FOR one IN people IF one[3] <> ''],
                   [digits(one[4]) FOR one IN people IF length(digits(one[4])) >= 7]) AS guardian_contacts,
       state_id, number, email, fold(address_number) AS house, flat(parts(address_street)) AS street,
       flat(parts(address_place)) AS place, flat(parts(address_suburb)) AS suburb,
       digits(address_postcode) AS postcode, fold(address_region) AS region
FROM base JOIN guardian USING (key) LEFT JOIN alike ON alike.name = given_tokens[1]
"""
"""What the comparisons of `comparisons` read. `alike` holds each name's short and long forms."""


def base(source: str) -> str:
    """The query of the columns that blocking needs, over a table of `people.SCHEMA`."""
    return BASE.format(source=source)


def full(source: str, side: str) -> str:
    """The query of the columns that comparing needs, over a table of `people.SCHEMA`."""
    return FULL.format(base=base(source), source=source, side=side)
