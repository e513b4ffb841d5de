"""Building the document of one version of a certificate. Strings and whole numbers only; no personal data."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from certificates.document.categories import category_lines, policy_of, products_of, relation_lines
from certificates.document.method import method_lines, not_restorable
from certificates.document.people import approval_lines, exclusion_lines, person_words
from certificates.document.search import search_lines
from certificates.document.statements import KINDS, standing_of, summary_of
from certificates.progress import Progress
from certificates.stages import Stage
from ledger.models import LedgerEntry
from resets.exports.recorded import recorded_words
from sweeps.models import Sweep
from tenants import clock
from tenants.models import District
from tenants.templatetags.words import local, school_year

FORMAT: Final = "yearturn-certificate/1"
Document = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """What is told apart from one version to the next.

    Attributes:
        supersedes: the id of the version before; empty for the first.
        backups_until: the last day on which a backup may hold the data; None while the storage is not rewritten.
        rewritten_at: when the storage was found rewritten; None while it is not.
    """

    id: str
    number: str
    version: int
    supersedes: str
    stage: Stage
    issued_at: dt.datetime
    progress: Progress
    backups_until: dt.date | None
    rewritten_at: dt.datetime | None


@dataclass(frozen=True)
class Around:
    """What was read beside the ledger entry.

    Attributes:
        schools: names by key, read from the district, or from an earlier version.
        root: the digest of the ledger that covers the entry.
        restores: the ledger's restores that followed the reset.
        sweep: the search that followed it, if one was asked for.
    """

    schools: dict[int, str]
    root: str
    restores: tuple[LedgerEntry, ...] = ()
    sweep: Sweep | None = None


def build_document(entry: LedgerEntry, district: District, version: Version, around: Around) -> Document:
    """The document of a version. It asks no database."""
    schools = around.schools
    facts, zone = entry.facts, district.time_zone
    categories = category_lines(entry.kind, facts)
    document: Document = {
        "format": FORMAT,
        "certificate": _certificate(version, zone),
        "subject": _subject(entry, district),
        "standing": standing_of(entry.kind, version.stage, version.progress, version.backups_until),
        "schools": [{"key": key, "name": schools.get(key, f"School {key}")} for key in facts.get("schools", [])],
        "categories": categories,
        "exclusions": exclusion_lines(facts),
        "export": recorded_words(facts.get("export") or {}, zone),
        "policy": policy_of(facts),
        "approval": approval_lines(entry),
        "method": method_lines(entry.kind, categories, version.stage, version.progress),
        "storage": _storage(version.progress),
        "backups": _backups(version),
        "search": search_lines(around.sweep, version.progress.search == "closed", version.progress.removed),
        "not_restorable": not_restorable(entry.kind, categories),
        "undone": [_undone(restore, schools, zone) for restore in around.restores],
        "tables": relation_lines(facts),
        "times": _times(entry, version, zone),
        "ledger": _ledger(entry, around.root),
    }
    document["summary"] = summary_of(document)
    return document


def _certificate(version: Version, zone: str) -> Document:
    return {
        "id": version.id,
        "number": version.number,
        "version": version.version,
        "supersedes": version.supersedes,
        "stage": version.stage.value,
        "method": version.stage.label,
        "issued_at": _utc(version.issued_at),
        "issued_local": local(version.issued_at, zone),
        "check_at": check_address(version.number),
    }


def check_address(number: str) -> str:
    """Where anybody reads a certificate's newest facts: the public host's page of its number."""
    return settings.PORTAL_ADDRESS.format(host=settings.DISTRICT_HOST_SUFFIX) + f"certificates/check/{number}/"


def _subject(entry: LedgerEntry, district: District) -> Document:
    facts = entry.facts
    year = facts.get("school_year")
    subject: Document = {
        "kind": entry.kind,
        "what": KINDS[entry.kind],
        "district": {"id": district.pk, "name": district.name, "nces_id": district.nces_id},
        "suite": facts.get("suite", ""),
        "products": products_of(facts),
        "school_year": school_year(int(year)) if year else "",
        "on": facts.get("on", ""),
        "done_on": clock.date_in(entry.at, district.time_zone).isoformat(),
    }
    if facts.get("scope") == "student":
        subject["students"] = 1
    if isinstance(facts.get("students"), int):
        subject["students"] = facts["students"]
    return subject


def _storage(progress: Progress) -> Document:
    return {"tables": progress.tables, "rewritten": progress.rewritten, "failed": progress.failed}


def _backups(version: Version) -> Document:
    until = version.backups_until
    return {"days": settings.BACKUP_DAYS, "age_out_after": until.isoformat() if until else ""}


def _undone(restore: LedgerEntry, schools: dict[int, str], zone: str) -> Document:
    keys = [] if restore.facts.get("whole") else restore.facts.get("schools")
    return {
        "entry": restore.number,
        "at": _utc(restore.at),
        "at_local": local(restore.at, zone),
        "schools": [schools.get(key, f"School {key}") for key in keys or []],
    }


def _times(entry: LedgerEntry, version: Version, zone: str) -> list[Document]:
    told = [
        ("Done and verified, in one transaction", entry.at),
        ("Storage found rewritten", version.rewritten_at),
        ("This version issued", version.issued_at),
    ]
    return [
        {"what": what, "local": f"{local(at, zone)} {at.astimezone(ZoneInfo(zone)):%Z}", "utc": _utc(at)}
        for what, at in told
        if at is not None
    ]


def _ledger(entry: LedgerEntry, root: str) -> Document:
    return {"entry": entry.number, "kind": entry.kind, "by": person_words(entry.actor), "root": root}


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
