"""Which pairs are looked at at all: those that share one of the keys below.

A pair needs one thing in common: an identifier; the birth date and an initial; a part of each name; one name's part and
two of day, month and year; or, where people have addresses, a line of theirs. Two records that share none of these
have nothing that a reviewer could recognise.
"""

from typing import Final

DATE: Final = """
list_concat([birth || left(part, 1) FOR part IN list_distinct(list_concat(given_tokens, family_tokens))],
[birth[1:4] || birth[7:8] || birth[5:6] || left(part, 1)
 FOR part IN list_distinct(list_concat(given_tokens, family_tokens)) IF {swaps}])
"""
"""Birth date and an initial of any name; on the incoming side also with day and month swapped."""
NAMES: Final = """
flatten([[least(one, other) || '|' || greatest(one, other) FOR other IN family_tokens IF length(other) > 2]
         FOR one IN {given} IF length(one) > 1])
"""
"""A part of the given and a part of the family name, in whatever order; on the incoming side also other forms."""
PARTS: Final = """
flatten([[part || 'd' || birth[1:6], part || 'e' || birth[5:8], part || 'f' || birth[1:4] || birth[7:8]]
         FOR part IN list_concat({given}, family_tokens) IF length(part) > 2])
"""
"""A part of a name and two of day, month and year."""
IDENTIFIERS: Final = """
list_filter(['i' || state_id, 'n' || number, 'e' || email, {known}], lambda one: length(one) > 1)
"""
PLACES: Final = """
list_filter([
    'h' || fold(address_number) || flat(parts(address_street)), 'h' || flat(parts(address_street)),
    'h' || flat(parts(address_place)), 'p' || digits(address_postcode) || 'h' || fold(address_number),
    'p' || digits(address_postcode) || flat(parts(address_suburb))
], lambda one: length(one) > 6)
"""


def keys(*, incoming: bool, places: bool) -> str:
    """The expression of a record's keys, over the columns of `folding.base` and the alike names.

    Args:
        incoming: keys of an incoming student, which also cover swapped dates and names' other forms.
        places: also addresses.
    """
    given = "list_concat(given_tokens, [preferred], coalesce(alike.names, []))" if incoming else (
        "list_concat(given_tokens, [preferred])"
    )
    parts = [
        f"coalesce({DATE.format(swaps='true' if incoming else 'false')}, [])",
        NAMES.format(given=given),
        f"coalesce({PARTS.format(given=given)}, [])",
        IDENTIFIERS.format(known="'k' || coalesce(known_as::text, '')" if incoming else "'k' || key"),
    ]
    if places:
        parts.append(PLACES)
    return "list_distinct(list_filter(" + " || ".join(f"({part})" for part in parts) + ", lambda one: one IS NOT NULL))"
