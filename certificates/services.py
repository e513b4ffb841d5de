"""Issuing: one version of one certificate, in a transaction, once."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django_tenants.utils import schema_context

from certificates.document.build import Around, Document, Version, build_document
from certificates.models import Certificate
from certificates.numbers import new_number
from certificates.progress import Progress
from certificates.sealing import sign_document
from certificates.stages import Stage
from events.services import note_event
from events.types import CERTIFICATE_ISSUED
from ledger.models import LedgerEntry
from ledger.selectors import root_of
from rostering.models import School
from sweeps.models import Sweep
from tenants import clock
from tenants.models import District
from tenants.schema import enter_district, schema_exists


def issue_certificate(entry: LedgerEntry, progress: Progress, at: dt.datetime) -> Certificate | None:
    """Issue the version that is due for a ledger entry, in the caller's transaction.

    Returns:
        the new version; None when the newest one says it all already.

    Raises:
        IntegrityError: somebody else has issued this version meanwhile.
    """
    newest = newest_version(entry.district_id, entry.number)
    stage = _stage_after(newest, progress)
    if newest and (stage.value, progress.as_text()) == (newest.stage, newest.progress):
        return None
    district = District.objects.get(pk=entry.district_id)
    version = _next_version(district, newest, stage, progress, at)
    document = build_document(entry, district, version, _around(district, entry, progress, newest))
    with transaction.atomic():
        issued = _save(entry, version, document, newest)
        _tell(issued)
        return issued


def _tell(issued: Certificate) -> None:
    """Note for other programs that there is a certificate, or a new version of one."""
    facts = {
        "certificate": str(issued.pk),
        "version": issued.version,
        "stage": issued.stage,
        "ledger_entry": issued.ledger_number,
    }
    subject = f"certificate:{issued.ledger_number}"
    note_event(issued.district_id, CERTIFICATE_ISSUED, subject=subject, facts=facts, at=issued.issued_at)


def _around(district: District, entry: LedgerEntry, progress: Progress, newest: Certificate | None) -> Around:
    restores = tuple(LedgerEntry.objects.filter(district_id=district.pk, number__in=progress.undone))
    return Around(
        schools=_school_names(district, (entry, *restores), newest),
        root=root_of(district.pk, entry.number),
        restores=restores,
        sweep=Sweep.objects.filter(district_id=district.pk, ledger_number=entry.number).first(),
    )


def _next_version(
    district: District, newest: Certificate | None, stage: Stage, progress: Progress, at: dt.datetime
) -> Version:
    since = _storage_since(newest, progress, at)
    return Version(
        id=str(uuid.uuid4()),
        number=newest.number if newest else new_number(),
        version=newest.version + 1 if newest else 1,
        supersedes=str(newest.pk) if newest else "",
        stage=stage,
        issued_at=at,
        progress=progress,
        backups_until=newest.backups_until if newest and newest.backups_until else _backups_until(district, since),
        rewritten_at=since,
    )


def _save(entry: LedgerEntry, version: Version, document: Document, newest: Certificate | None) -> Certificate:
    signature = sign_document(document)
    return Certificate.objects.create(
        id=version.id,
        number=version.number,
        version=version.version,
        district_id=entry.district_id,
        ledger_number=entry.number,
        kind=entry.kind,
        suite=entry.facts.get("suite") or "",
        school_year=entry.facts.get("school_year"),
        stage=version.stage,
        progress=version.progress.as_text(),
        backups_until=version.backups_until,
        document=document,
        signature_key=signature.key,
        signature_value=signature.value,
        issued_at=version.issued_at,
        supersedes=newest,
    )


def newest_version(district_id: int, ledger_number: int) -> Certificate | None:
    """The newest version of an entry's certificate, if it has one."""
    versions = Certificate.objects.filter(district_id=district_id, ledger_number=ledger_number)
    return versions.order_by("-version").first()


def _stage_after(newest: Certificate | None, progress: Progress) -> Stage:
    """The stage that is reached: never one before that of the newest version."""
    return max(progress.stage, Stage(newest.stage) if newest else Stage.ROWS_DELETED, key=lambda stage: stage.rank)


def _storage_since(newest: Certificate | None, progress: Progress, at: dt.datetime) -> dt.datetime | None:
    """When the storage was found rewritten: at the issuing of the first version that says so."""
    if not progress.is_rewritten:
        return None
    if newest is None or newest.backups_until is None:
        return at
    versions = Certificate.objects.filter(number=newest.number, backups_until__isnull=False)
    return versions.order_by("version").values_list("issued_at", flat=True)[0]


def _backups_until(district: District, since: dt.datetime | None) -> dt.date | None:
    """The last backup that holds the data is one of the day on which its storage was rewritten."""
    if since is None:
        return None
    return clock.date_in(since, district.time_zone) + dt.timedelta(days=settings.BACKUP_DAYS)


def _school_names(district: District, entries: Iterable[LedgerEntry], newest: Certificate | None) -> dict[int, str]:
    """Names by key: those of the version before, else as the district has them now, else as its certificates do."""
    wanted = {key for each in entries for key in each.facts.get("schools") or []}
    names = _names_of(newest)
    if wanted <= names.keys():
        return names
    if district.removed_at is None and schema_exists(district.schema_name):
        with enter_district(district):
            here = dict(School.objects.filter(pk__in=wanted - names.keys()).values_list("pk", "name"))
        return {**here, **names}
    for earlier in Certificate.objects.filter(district_id=district.pk).order_by("-issued_at")[:20]:
        names = {**_names_of(earlier), **names}
    return names


def _names_of(certificate: Certificate | None) -> dict[int, str]:
    return {line["key"]: line["name"] for line in certificate.document["schools"]} if certificate else {}


def issue_due(entry_id: int, progress: Progress, at: dt.datetime) -> Certificate | None:
    """Issue what is due for one entry in a savepoint of its own, in the public schema."""
    with schema_context("public"), transaction.atomic():
        return issue_certificate(LedgerEntry.objects.get(pk=entry_id), progress, at)
