"""The draft of the certificate of disposition: what the reset will do, category by category, before it does.

It is drawn from the same plan and the same counts as the preview's page and the execution. Nothing has been done when
it is written: it says so, it is not signed, and it proves nothing.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from psycopg import sql

from certificates.document.categories import category_lines, policy_of, products_of
from certificates.document.method import not_restorable
from certificates.document.statements import KINDS
from products.registry import suite_named
from reports.formats.pdf import write_pdf
from reports.packages.models import Package
from reports.yearend.columns import Column, Kind
from reports.yearend.sheet import Heading, Sheet
from resets.engine.counting import add_up, count_plan
from resets.engine.ground import read_ground
from resets.engine.plan import compile_plan
from resets.engine.preview import preview_notes
from resets.engine.record import by_category
from resets.models import ResetRun, ResetSchedule, RunState
from resets.policies.registry import policy_for
from tenants import clock
from tenants.models import District
from tenants.templatetags.words import day, school_year
from tenants.zips import ZipWriter

FORMAT: Final = "yearturn-certificate-draft/1"
JSON: Final = "certificate-draft.json"
PDF: Final = "certificate-draft.pdf"
STANDING: Final = (
    "DRAFT. Nothing of this has been done yet. It says what the reset would do to the data as it was on {moment}, by "
    "the policy of that day. The certificate of what was done, signed and with its own counts, comes after the reset."
)
LABELS: Final = {
    "before": "Rows now", "retained": "Retained", "archived": "Archived", "deleted": "Deleted", "changed": "Changed",
}  # fmt: skip
Document = dict[str, Any]


def add_draft(district: District, package: Package, made_at: dt.datetime, writer: ZipWriter, folder: Path) -> bool:
    """Write the draft into a package, inside the caller's snapshot; whether there is one.

    There is none of a suite that is not reset, nor after the reset: then there is the certificate itself.
    """
    if not policy_for(package.suite).resettable or _is_reset(district, package):
        return False
    document = draft_document(district, package, made_at)
    writer.add(JSON, [json.dumps(document, indent=1, ensure_ascii=False).encode()])
    scratch = folder / PDF
    write_pdf(scratch, _heading(district, document, made_at), [_sheet(document)])
    writer.add_file(PDF, scratch)
    scratch.unlink()
    return True


def draft_document(district: District, package: Package, made_at: dt.datetime) -> Document:
    """The draft as a JSON value, of the entered district; its categories are worded as the certificate's will be."""
    suite, policy = suite_named(package.suite), policy_for(package.suite)
    reset_on = _reset_on(district, package) or clock.date_in(made_at, district.time_zone)
    plan = compile_plan(policy, suite, read_ground(suite, package.school_year, reset_on))
    facts = {
        "suite": suite.code, "policy": policy.version, "categories": by_category(add_up(count_plan(plan))),
    }  # fmt: skip
    categories = category_lines("reset", facts)
    moment = made_at.astimezone(ZoneInfo(district.time_zone))
    return {
        "format": FORMAT,
        "draft": True,
        "standing": STANDING.format(moment=f"{day(moment.date())}, {moment:%H:%M %Z}"),
        "what": KINDS["reset"],
        "district": {"id": district.pk, "name": district.name, "nces_id": district.nces_id},
        "suite": suite.code,
        "products": products_of(facts),
        "school_year": school_year(package.school_year),
        "reset_on": reset_on.isoformat(),
        "made_at": made_at.astimezone(dt.UTC).isoformat(),
        "policy": policy_of(facts),
        "categories": categories,
        "notes": list(preview_notes(district, suite.code, package.school_year, reset_on)),
        "not_restorable": not_restorable("reset", categories),
    }


def _reset_on(district: District, package: Package) -> dt.date | None:
    schedules = ResetSchedule.objects.filter(district=district, suite=package.suite, school_year=package.school_year)
    found = schedules.first()
    return found.on if found else None


def _is_reset(district: District, package: Package) -> bool:
    runs = ResetRun.objects.filter(district=district, suite=package.suite, school_year=package.school_year)
    return runs.filter(state=RunState.COMPLETED, undone_at=None).exists()


def _heading(district: District, document: Document, made_at: dt.datetime) -> Heading:
    return Heading(
        district=district.name,
        title="Certificate of data disposition: DRAFT",
        period=f"School year {document['school_year']}, reset on {day(dt.date.fromisoformat(document['reset_on']))}",
        filters=(("Policy", f"{document['policy']['source']}, version {document['policy']['version']}"),),
        made_at=made_at.astimezone(ZoneInfo(district.time_zone)),
        audience="District",
        about=" ".join([document["standing"], *document["notes"]]),
    )


def _sheet(document: Document) -> Sheet:
    """The categories as a table of values."""
    columns = (
        Column("name", "Category"),
        Column("action", "What the policy says"),
        *(Column(name, label, Kind.WHOLE) for name, label in LABELS.items()),
    )
    rows = sql.SQL(", ").join(
        sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, [number, *_row(line)])))
        for number, line in enumerate(document["categories"])
    )
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    query = sql.SQL("SELECT {n} FROM (VALUES {rows}) AS t (place, {n}) ORDER BY place").format(n=names, rows=rows)
    return Sheet("categories", "Category by category", columns, query)


def _row(line: Document) -> list[Any]:
    return [line["name"], line["action"], *(line[name] for name in LABELS)]
