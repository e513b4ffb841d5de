"""The district that a package is read into: the one of that name, or a new one like the one that it was made of."""

import datetime as dt
from typing import Any

from django_tenants.utils import schema_context

from products.models import Subscription
from products.registry import product_named
from reports.packages.loading.errors import LoadRefusedError
from reports.packages.manifest import Manifest
from tenants.errors import DistrictExistsError, InvalidDistrictError
from tenants.models import District
from tenants.services import provision_district


def target_district(manifest: Manifest, slug: str, actor: str) -> District:
    """The district to load into, made in the caller's transaction if it is missing.

    Raises:
        LoadRefusedError: it was removed, or what the package says of its district cannot be.
    """
    with schema_context("public"):
        found = District.objects.filter(slug=slug).first()
    if found is None:
        return _make(manifest, slug, actor)
    if found.removed_at is not None:
        raise LoadRefusedError([f"The district {slug} was removed: its name is never used again. Give another."])
    return found


def add_subscriptions(district: District, manifest: Manifest) -> None:
    """The subscriptions that the package's district had, where this one has none to the product."""
    with schema_context("public"):
        for each in manifest.subscriptions:
            dates = {"starts_on": _day(each["starts_on"]), "ends_on": _day(each["ends_on"])}
            Subscription.objects.get_or_create(district=district, product=each["product"], defaults=dates)


def subscriptions_of(district: District, products: list[str]) -> list[dict[str, Any]]:
    """A district's subscriptions to these products, as a manifest says them."""
    with schema_context("public"):
        rows = Subscription.objects.filter(district=district, product__in=products).order_by("product")
        return [
            {
                "product": row.product,
                "starts_on": row.starts_on.isoformat(),
                "ends_on": row.ends_on.isoformat() if row.ends_on else None,
            }
            for row in rows
        ]


def subscription_problems(manifest: Manifest) -> list[str]:
    """What cannot be a subscription to one of the suite's products."""
    problems = []
    for each in manifest.subscriptions:
        try:
            suite, _ = product_named(each["product"])
            days = (_day(each["starts_on"]), _day(each["ends_on"]))
        except (LookupError, TypeError, ValueError):
            problems.append("The manifest says a subscription that cannot be.")
        else:
            if suite.code != manifest.suite or days[0] is None:
                problems.append("The manifest says a subscription that is none of its suite.")
    return problems


def _make(manifest: Manifest, slug: str, actor: str) -> District:
    said = manifest.district
    try:
        return provision_district(
            slug=slug,
            name=str(said["name"]),
            time_zone=str(said["time_zone"]),
            school_year=int(said["school_year"]),
            school_year_ends_on=dt.date.fromisoformat(said["school_year_ends_on"]),
            rostering_starts_on=dt.date.fromisoformat(said["rostering_starts_on"]),
            summer_session_ends_on=_day(said["summer_session_ends_on"]),
            nces_id=str(said["nces_id"]),
            actor=actor,
        )
    except InvalidDistrictError as error:
        raise LoadRefusedError([f"{name}: {problem}" for name, problem in error.problems.items()]) from None
    except (DistrictExistsError, KeyError, TypeError, ValueError) as error:
        raise LoadRefusedError([f"The manifest's district cannot be made: {error}"]) from None


def _day(said: str | None) -> dt.date | None:
    return dt.date.fromisoformat(said) if said else None
