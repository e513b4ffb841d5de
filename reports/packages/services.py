"""Asking for a package, and the job that builds it."""

import contextlib
import datetime as dt

from django.db import transaction
from django_tenants.utils import schema_context
from kombu.exceptions import OperationalError

from ledger.services import append_entry
from products.registry import suite_named
from reports.packages.models import OPEN, Package, PackageState
from tenants.jobs.services import enqueue_job
from tenants.jobs.tasks import tick
from tenants.locks import Lock, take_lock
from tenants.models import District, Job

KIND = "build_package"
DIED = "Building it failed, and nothing of it was kept. Ask for it again; if that fails too, tell your contact."


def ask_package(district: District, suite: str, school_year: int, *, actor: str, at: dt.datetime) -> Package:
    """Ask for a package of a suite's school year; while one is being built, that one is returned.

    Raises:
        LookupError: no such suite.
    """
    suite_named(suite)
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        key = {"district": district, "suite": suite, "school_year": school_year}
        if found := Package.objects.filter(**key, state__in=OPEN).first():
            return found
        package = Package.objects.create(**key, asked_by=actor, asked_at=at)
        facts = {"package": str(package.pk), "suite": suite, "school_year": school_year}
        append_entry(district.pk, "package_asked", actor=actor, at=at, facts=facts)
        enqueue_job(district, KIND, str(package.pk), due_at=at, payload={"package": str(package.pk)})
        transaction.on_commit(_wake)
    return package


def build_package(district: District, job: Job) -> None:
    """Build a package of the entered district; one that is finished stays as it is."""
    package = _package_of(job)
    if package.is_open:
        from reports.packages.building import build  # noqa: PLC0415 - Arrow's memory only for who builds

        build(district, package)


def give_up(_district: District, job: Job, error: str) -> None:
    """Record that a package was not built; its folder was cleared by the attempts."""
    with schema_context("public"):
        Package.objects.filter(pk=_package_of(job).pk, state__in=OPEN).update(
            state=PackageState.FAILED, error=f"{DIED} ({error})"[:500], step=""
        )


def _package_of(job: Job) -> Package:
    with schema_context("public"):
        return Package.objects.select_related("district").get(pk=str(job.payload["package"]))


def _wake() -> None:
    """Let a worker begin at once; without a broker the next tick finds it."""
    with contextlib.suppress(OperationalError):
        tick.apply_async(retry=False)
