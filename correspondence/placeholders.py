"""The closed vocabulary of a template's placeholders, such as {{ district }}. Nothing else of a template is code."""

import re
from collections.abc import Mapping
from typing import Final

from correspondence.errors import PlaceholderError

PLACEHOLDERS: Final[Mapping[str, str]] = {
    "district": "The district's name",
    "suite": "The suite's name",
    "products": "The products of the suite that the district has",
    "school_year": "The school year that ends",
    "date": "The reset date",
    "days": "How many days there are until the reset, rostering, anonymization or a request's due date",
    "rostering_date": "The first day of rostering for the new school year",
    "anonymized_after": "How long after the reset students' data is anonymized, such as 90 days",
    "anonymized_date": "The last day on which a student still returns; then data is anonymized",
    "what_happens": "What the reset does, category by category, one a line",
    "advice": "What the suite's source recommends to do before the reset",
    "year_data": "Whether this year's data has been downloaded, and until when the reset waits for it",
    "request": "What was requested, such as the destruction of one student's data; it names nobody",
    "due_date": "The day by which a request is to be done",
    "waits_for": "What a request waits for, and who does it",
    "link": "The address of the district's own site",
    "csm": "The customer success manager's name",
}
"""Every placeholder, and what stands in its place."""

ANY = re.compile(r"{{(.*?)}}", re.DOTALL)
STRAY = re.compile(r"{{|}}|{%|%}")


def check_text(text: str) -> None:
    """Take a subject or body as it is.

    Raises:
        PlaceholderError: a placeholder is unknown, or braces are left open; the message names it and lists those known.
    """
    unknown = [found for found in (match.strip() for match in ANY.findall(text)) if found not in PLACEHOLDERS]
    known = ", ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)
    if unknown:
        named = ", ".join(f"{{{{ {' '.join(name.split())[:60]} }}}}" for name in dict.fromkeys(unknown))
        raise PlaceholderError(f"There is no placeholder {named}. Use one of these: {known}.")
    if stray := STRAY.search(ANY.sub("", text)):
        raise PlaceholderError(f"“{stray[0]}” opens or closes no placeholder. Placeholders are written so: {known}.")


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in place of its placeholders.

    Args:
        text: a subject or body that `check_text` takes.
        values: what stands in each one's place; one that has no value becomes a dash.

    Raises:
        PlaceholderError: see `check_text`.
    """
    check_text(text)
    return ANY.sub(lambda match: values.get(match[1].strip()) or "\N{EN DASH}", text)
