"""Packages for pages: a district's, and which can be asked for."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django_tenants.utils import schema_context
from psycopg import sql

from products.partitions.catalogue import partitions_of
from products.registry import suites
from reports.packages.models import Package
from tenants.models import District
from tenants.schema import district_table

PER_PAGE: Final = 25


@dataclass(frozen=True)
class Offer:
    """A suite with the school years of which a package can be asked for, the newest first."""

    code: str
    name: str
    years: tuple[int, ...]


def packages_of(district: District, before: UUID | None = None) -> tuple[list[Package], bool]:
    """A page of a district's packages, the newest first, and whether there are more.

    Args:
        before: the last package of the page before.
    """
    rows = Package.objects.filter(district=district).order_by("-asked_at", "id")
    with schema_context("public"):
        if before is not None and (last := rows.filter(pk=before).first()):
            rows = rows.filter(Q(asked_at__lt=last.asked_at) | Q(asked_at=last.asked_at, pk__gt=last.pk))
        found = list(rows[: PER_PAGE + 1])
    return found[:PER_PAGE], len(found) > PER_PAGE


def package_of(district: District, key: UUID) -> Package | None:
    """One package of a district."""
    with schema_context("public"):
        return Package.objects.select_related("district").filter(district=district, pk=key).first()


def offers(district: District) -> list[Offer]:
    """What the entered district can ask for: of each suite the school years of which there are facts."""
    parents = {
        name: suite.code
        for suite in suites()
        for table in suite.facts
        for name in filter(None, (table.name, table.archive_name))
    }
    there = [
        sql.SQL("(SELECT {}, {} FROM {} LIMIT 1)").format(
            sql.Literal(parents[found.parent]), sql.Literal(found.year), district_table(found.name)
        )
        for found in partitions_of(district.schema_name, parents)
        if found.year is not None
    ]
    years: dict[str, set[int]] = {}
    if there:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ").join(there))
            for code, year in cursor.fetchall():
                years.setdefault(code, set()).add(int(year))
    return [
        Offer(suite.code, suite.name, tuple(sorted(years[suite.code], reverse=True)))
        for suite in suites()
        if suite.code in years
    ]
