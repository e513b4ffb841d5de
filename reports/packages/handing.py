"""Handing a package out, and knowing when it was handed out whole.

What can be known here is which bytes were handed to the network, not what arrived or was kept. A download counts as
whole when every byte has been handed over at least once, to one person, in however many requests. Whoever has it can
prove that it arrived: by its checksum.
"""

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import F
from django_tenants.utils import schema_context

from ledger.services import append_later
from reports.packages.errors import PackageError
from reports.packages.models import Handover, Package, PackageState
from resets.exports.services import note_export_downloaded
from tenants.models import District

Ranges = list[list[int]]
GONE: Final = "This package is not kept any more. Ask for a new one."


def begin_handover(district: District, package: Package, *, actor: str, at: dt.datetime) -> Handover:
    """Note that somebody fetches a package, or goes on fetching it; the first request of a series is in the ledger.

    Entries are appended by a worker: nobody's download waits for the district's lock.

    Raises:
        PackageError: it is not there any more.
    """
    with schema_context("public"), transaction.atomic():
        if not Package.objects.select_for_update().filter(pk=package.pk, state=PackageState.READY).exists():
            raise PackageError(GONE)
        handover, is_new = Handover.objects.get_or_create(
            package=package, actor=actor, whole_at=None, defaults={"begun_at": at, "last_at": at}
        )
        handover.requests += 1
        handover.last_at = at
        handover.save(update_fields=["requests", "last_at"])
        if is_new:
            key = f"begun {handover.pk}"
            append_later(district, "package_download_begun", key, actor=actor, at=at, facts=_facts(package))
    return handover


def note_sent(district: District, handover: Handover, first: int, end: int, *, at: dt.datetime) -> bool:
    """Note bytes that were handed to the network; the last that was missing makes the download whole.

    Returns:
        whether this made it whole.
    """
    with schema_context("public"), transaction.atomic():
        package = Package.objects.select_for_update().get(pk=handover.package_id)
        kept = Handover.objects.select_for_update().get(pk=handover.pk)
        if kept.whole_at is not None:
            return False
        kept.sent, kept.last_at = merged([*kept.sent, [first, end]]), at
        if kept.sent == [[0, package.size]]:
            kept.whole_at = at
            Package.objects.filter(pk=package.pk).update(downloads=F("downloads") + 1)
            facts = {**_facts(package), "requests": kept.requests}
            append_later(district, "package_downloaded", f"whole {kept.pk}", actor=kept.actor, at=at, facts=facts)
            note_export_downloaded(
                district, package.suite, package.school_year, package_id=package.pk, actor=kept.actor, at=at
            )
        kept.save(update_fields=["sent", "last_at", "whole_at"])
    return kept.whole_at is not None


def merged(ranges: Ranges) -> Ranges:
    """Ranges [first, after the last] without overlaps, rising.

    >>> merged([[5, 9], [0, 5], [20, 30], [8, 12]])
    [[0, 12], [20, 30]]
    """
    found: Ranges = []
    for first, end in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([first, end])
    return found


def _facts(package: Package) -> dict[str, object]:
    return {
        "package": str(package.pk), "suite": package.suite, "school_year": package.school_year,
        "students": package.students, "rows": package.rows, "sha256": package.sha256,
    }  # fmt: skip
