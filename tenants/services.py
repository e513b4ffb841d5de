"""Making and removing districts. Each is one transaction: a district is there with its whole schema, or not at all."""

import datetime as dt
import secrets

from django.conf import settings
from django.db import transaction
from django_tenants.utils import schema_context

from tenants.errors import DistrictExistsError, DistrictGoneError
from tenants.jobs.services import close_jobs_of
from tenants.locks import Lock, take_lock
from tenants.migrating.capture import create_schema, drop_schema, replay
from tenants.migrating.template import current_template
from tenants.models import Csm, District, Domain
from tenants.schema import enter_district
from tenants.signals import district_provisioned, district_removed, district_removing
from tenants.validation import DistrictFacts, check_facts


def provision_district(
    *,
    slug: str,
    name: str,
    time_zone: str,
    school_year: int,
    school_year_ends_on: dt.date,
    rostering_starts_on: dt.date,
    summer_session_ends_on: dt.date | None = None,
    nces_id: str = "",
    csm: Csm | None = None,
    actor: str = "system",
) -> District:
    """Make a district: its row, its host `<slug>.<suffix>`, its schema with every table, and what the apps add.

    Args:
        slug: the host's first label; never used again, also after the district is removed.
        time_zone: an IANA name.
        school_year: the year in which the current school year ends.
        rostering_starts_on: first day of rostering for the new school year.
        actor: who asked for it, for the ledger.

    Raises:
        InvalidDistrictError: says of every wrong field what is wrong and how to mend it; nothing was made.
        DistrictExistsError: the slug is or was another district's.
    """
    facts = DistrictFacts(
        slug, name, time_zone, school_year, school_year_ends_on, rostering_starts_on, summer_session_ends_on, nces_id
    )
    check_facts(facts)
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.PROVISION)
        if District.objects.filter(slug=slug).exists():
            raise DistrictExistsError(f"slug: {slug!r} is or was another district's. Choose another.")
        template = current_template()
        district = District(**vars(facts), schema_name=new_schema_name(slug), csm=csm)
        district.save()
        Domain.objects.create(domain=district_host(slug), tenant=district, is_primary=True)
        create_schema(district.schema_name)
        replay(district.schema_name, template.statements)
        with enter_district(district):
            district_provisioned.send(sender=District, district=district, actor=actor)
    return district


def remove_district(district: District, *, actor: str, at: dt.datetime) -> None:
    """Drop a district's schema with everything in it, for good. Its row stays, and so does what the ledger says.

    Raises:
        DistrictGoneError: it was removed before.
    """
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        row = District.objects.select_for_update().get(pk=district.pk)
        if row.removed_at is not None:
            raise DistrictGoneError(f"district {row.pk} was removed on {row.removed_at:%Y-%m-%d}")
        district_removing.send(sender=District, district=row)
        close_jobs_of(row, "the district was removed")
        drop_schema(row.schema_name)
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        district_removed.send(sender=District, district=row, actor=actor, at=at)
    district.removed_at = at


def district_host(slug: str) -> str:
    """The host name of a district."""
    return f"{slug}.{settings.DISTRICT_HOST_SUFFIX}"


def new_schema_name(slug: str) -> str:
    """A schema name that no district has or had: a readable part, and 40 random bits."""
    return f"d_{slug[:30].replace('-', '_')}_{secrets.token_hex(5)}"
