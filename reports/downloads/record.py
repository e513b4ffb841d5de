"""Who took which report along, as the ledger has it, for the district's admins."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django_tenants.utils import schema_context

from accounts.models import User
from ledger.models import LedgerEntry
from reports.downloads.taken import DOWNLOADED
from reports.formats import format_named
from reports.yearend.registry import report_named
from tenants.models import District
from tenants.templatetags.words import school_year

PAGE = 25
PRINTED = "Print"


@dataclass(frozen=True)
class Taken:
    """One report that was taken along.

    Attributes:
        who: a name of the district's own people, as it is today.
        narrowed: by what it was filtered, never to whom.
    """

    number: int
    at: dt.datetime
    who: str
    title: str
    form: str
    years: str
    narrowed: str
    students: int
    rows: int | None


def taken_reports(district: District, before: int | None = None) -> tuple[list[Taken], int | None]:
    """The newest reports that were taken along, and the number from which older ones go on. Two queries."""
    with schema_context("public"):
        entries = LedgerEntry.objects.filter(district_id=district.pk, kind=DOWNLOADED)
        if before is not None:
            entries = entries.filter(number__lt=before)
        found = list(entries.order_by("-number")[: PAGE + 1])
    names = _names(entry.actor for entry in found)
    shown = [_taken(entry, names) for entry in found[:PAGE]]
    return shown, found[PAGE - 1].number if len(found) > PAGE else None


def _names(actors: Iterable[str]) -> dict[str, str]:
    """The names of the entered district's people by how records name them."""
    keys = {actor.rpartition(":")[2] for actor in actors}
    people = User.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {f"{user.pk}": user.name for user in people}


def _taken(entry: LedgerEntry, names: dict[str, str]) -> Taken:
    facts: dict[str, Any] = entry.facts
    role, _, key = entry.actor.rpartition(":")
    form = format_named(str(facts["format"]))
    return Taken(
        number=entry.number,
        at=entry.at,
        who=names.get(key, role.replace("_", " ")),
        title=_title(str(facts["report"])),
        form=form.label if form else PRINTED,
        years=", ".join(school_year(year) for year in facts["years"]),
        narrowed=", ".join(facts["filtered_by"]),
        students=int(facts["students"]),
        rows=facts["rows"],
    )


def _title(code: str) -> str:
    try:
        return report_named(code).title
    except LookupError:
        return code
