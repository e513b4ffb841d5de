"""Who took which report or year package along, as the ledger has it, for the district's admins."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django_tenants.utils import schema_context

from accounts.models import User
from ledger.models import LedgerEntry
from products.registry import suite_named
from reports.downloads.taken import DOWNLOADED
from reports.formats import FORMATS, Format
from reports.yearend.registry import REPORTS, report_named
from tenants.models import District
from tenants.templatetags.words import school_year

PAGE: Final = 25
PACKAGE: Final = "package_downloaded"
PACKAGES: Final = "packages"
"""Stands for the year packages where a report is chosen."""
PRINT: Final = Format("print", "Print", "", False, "A page made for printing.")
WHOLE_YEAR: Final = Format("package", "Year package", "", True, "Everything of the year, with the reports.")
WAYS: Final = (*FORMATS, PRINT, WHOLE_YEAR)
WAY_NAMES: Final = {way.code: way.label for way in WAYS}
NARROWED: Final = {
    "product": "product", "school": "school", "grade": "grade", "section": "class", "group": "group",
    "student": "one student", "since": "first day", "until": "last day",
}  # fmt: skip
"""How the ledger names a filter, and how people do."""


@dataclass(frozen=True)
class TakenFilters:
    """What of the record is asked for.

    Attributes:
        what: a report's code, or `PACKAGES`; empty for all.
        way: a format's code; empty for all.
        who: a person's key; None for everybody.
    """

    what: str = ""
    way: str = ""
    who: int | None = None


@dataclass(frozen=True)
class Taken:
    """One report or package that was taken along.

    Attributes:
        who: a name of the district's own people, as it is today; their role where the account is gone.
        who_key: their key, for the filter; none where the account is gone.
        narrowed: by what it was filtered, never to whom.
    """

    number: int
    at: dt.datetime
    who: str
    who_key: int | None
    title: str
    way: str
    years: str
    narrowed: str
    students: int
    rows: int | None


@dataclass(frozen=True)
class TakenPage:
    """One page; `before` is the number from which older ones go on, None on the last. `who` is the chosen person."""

    taken: list[Taken]
    before: int | None
    who: str


def taken_page(district: District, filters: TakenFilters, before: int | None = None) -> TakenPage:
    """What fits of the entered district's record, the newest first. Two queries, however much there is."""
    with schema_context("public"):
        entries = _fitting(district, filters)
        if before is not None:
            entries = entries.filter(number__lt=before)
        found = list(entries.order_by("-number")[: PAGE + 1])
    names = _names((entry.actor for entry in found[:PAGE]), filters.who)
    shown = [_taken(entry, names) for entry in found[:PAGE]]
    return TakenPage(shown, found[PAGE - 1].number if len(found) > PAGE else None, names.get(filters.who or 0, ""))


def reports_taken() -> list[tuple[str, str]]:
    """What can be chosen: each report by its title, and the packages."""
    return [(PACKAGES, "Year packages"), *((report.code, report.title) for report in REPORTS)]


def _fitting(district: District, filters: TakenFilters) -> Any:
    kinds = [DOWNLOADED, PACKAGE]
    if filters.what == PACKAGES or filters.way == WHOLE_YEAR.code:
        kinds.remove(DOWNLOADED)
    elif filters.what or filters.way:
        kinds.remove(PACKAGE)
    entries = LedgerEntry.objects.filter(district_id=district.pk, kind__in=kinds)
    if filters.what not in ("", PACKAGES):
        entries = entries.filter(facts__report=filters.what)
    if filters.way not in ("", WHOLE_YEAR.code):
        entries = entries.filter(facts__format=filters.way)
    if filters.who is not None:
        entries = entries.filter(actor__endswith=f":{filters.who}")
    return entries


def _names(actors: Iterable[str], chosen: int | None) -> dict[int, str]:
    """The names of the entered district's people by their keys."""
    keys = {int(key) for key in (actor.rpartition(":")[2] for actor in actors) if key.isdigit()}
    people = User.objects.filter(pk__in=keys | ({chosen} if chosen is not None else set()))
    return dict(people.values_list("pk", "name"))


def _taken(entry: LedgerEntry, names: dict[int, str]) -> Taken:
    facts: dict[str, Any] = entry.facts
    role, _, number = entry.actor.rpartition(":")
    key = int(number) if number.isdigit() else 0
    is_package = entry.kind == PACKAGE
    years = [facts["school_year"]] if is_package else facts["years"]
    narrowed = [NARROWED.get(name, name) for name in facts.get("filtered_by", ())]
    return Taken(
        number=entry.number,
        at=entry.at,
        who=names.get(key, role.replace("_", " ").capitalize()),
        who_key=key if key in names else None,
        title=_title(facts, is_package),
        way=WAY_NAMES[WHOLE_YEAR.code if is_package else str(facts["format"])],
        years=", ".join(school_year(year) for year in years),
        narrowed=", ".join([*narrowed, *(["for publication"] if facts.get("for_outsiders") else [])]),
        students=int(facts["students"]),
        rows=facts["rows"],
    )


def _title(facts: dict[str, Any], is_package: bool) -> str:
    """The report's title; its code where no such report is made any more."""
    if is_package:
        return f"Year package: {suite_named(str(facts['suite'])).name}"
    code = str(facts["report"])
    try:
        return report_named(code).title
    except LookupError:
        return code
