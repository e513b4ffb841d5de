"""What a district's own facts must be, before anything is made."""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError

from tenants.errors import InvalidDistrictError
from tenants.models import SLUG

RESERVED_SLUGS = frozenset({"www", "public", "admin", "api", "static", "mail"})
NCES_ID = re.compile(r"^\d{7}$")


@dataclass(frozen=True)
class DistrictFacts:
    """What somebody said about a new district."""

    slug: str
    name: str
    time_zone: str
    school_year: int
    school_year_ends_on: dt.date
    rostering_starts_on: dt.date
    summer_session_ends_on: dt.date | None = None
    nces_id: str = ""


def check_facts(facts: DistrictFacts) -> None:
    """Check everything that can be known without the database.

    Raises:
        InvalidDistrictError: names each wrong field, what is wrong with it and how to mend it.
    """
    problems = {**_name_problems(facts), **_date_problems(facts)}
    if problems:
        raise InvalidDistrictError(problems)


def _name_problems(facts: DistrictFacts) -> dict[str, str]:
    problems: dict[str, str] = {}
    try:
        SLUG(facts.slug)
    except ValidationError:
        problems["slug"] = (
            f"{facts.slug!r} cannot be a host name. Use 3 to 40 lower-case letters, digits and hyphens,"
            " beginning with a letter and ending with a letter or digit, such as 'maple-valley'."
        )
    if facts.slug in RESERVED_SLUGS:
        problems["slug"] = (
            f"{facts.slug!r} is kept for the vendor's own hosts. Choose another, such as the town's name."
        )
    if not 1 <= len(facts.name.strip()) <= 200:
        problems["name"] = "Give the district's name, at most 200 characters."
    if facts.time_zone not in available_timezones():
        problems["time_zone"] = f"{facts.time_zone!r} is not an IANA time zone. Use a name such as 'America/Chicago'."
    if facts.nces_id and not NCES_ID.match(facts.nces_id):
        problems["nces_id"] = "An NCES district id has 7 digits, such as '0622710'. Leave it empty when unknown."
    return problems


def _date_problems(facts: DistrictFacts) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not 2000 <= facts.school_year <= 2100:
        problems["school_year"] = (
            f"{facts.school_year} is no school year. Give the year in which it ends, such as 2026."
        )
    elif facts.school_year_ends_on.year != facts.school_year:
        problems["school_year_ends_on"] = (
            f"{facts.school_year_ends_on} is not in {facts.school_year}, the year in which the school year ends."
            " Mend one of the two."
        )
    if facts.summer_session_ends_on and facts.summer_session_ends_on < facts.school_year_ends_on:
        problems["summer_session_ends_on"] = (
            f"{facts.summer_session_ends_on} is before the school year ends on {facts.school_year_ends_on}."
            " Give a later date, or none when there is no summer session."
        )
    last = max(facts.school_year_ends_on, facts.summer_session_ends_on or facts.school_year_ends_on)
    if facts.rostering_starts_on <= last:
        problems["rostering_starts_on"] = (
            f"{facts.rostering_starts_on} is not after {last}, when classes end: no day would be left for the reset."
            " Give the first day of rostering for the new school year."
        )
    return problems
