"""What the ledger writes down by itself: districts made and removed, support visits begun and ended."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from ledger.services import append_entry, append_later
from tenants import clock
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.signals import district_provisioned, district_removed, support_visit_changed


@receiver(district_provisioned, dispatch_uid="ledger-provisioned")
def record_provisioning(district: District, actor: str, **_: Any) -> None:
    """Write the first entry of a new district."""
    take_lock(Lock.DISTRICT, district.pk)
    facts = {"schema": district.schema_name, "school_year": district.school_year}
    append_entry(district.pk, "district_provisioned", actor=actor, at=clock.now(), facts=facts)


@receiver(district_removed, dispatch_uid="ledger-removed")
def record_removal(district: District, actor: str, at: dt.datetime, **_: Any) -> None:
    """Write the last entry of a district that is gone; the remover holds its lock."""
    append_entry(district.pk, "district_removed", actor=actor, at=at, facts={"schema": district.schema_name})


@receiver(support_visit_changed, dispatch_uid="ledger-visits")
def record_visit(district: District, kind: str, actor: str, at: dt.datetime, facts: dict[str, Any], **_: Any) -> None:
    """Write down a support visit soon: nobody waits at the door for a reset that has the district's lock."""
    append_later(district, kind, f"{kind} {facts['visit']}", actor=actor, at=at, facts=facts)
