"""Which district a host name belongs to, remembered for a few seconds in this process."""

import time
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models.base import ModelState
from django.db.models.signals import post_delete, post_save
from django_tenants.utils import schema_context

from tenants.models import District, Domain
from tenants.schema import schema_exists

REMEMBERED_SECONDS: Final = 10.0
"""How long another process's change of a district may go unnoticed. A change in this process is seen at once."""
_remembered: dict[str, tuple[float, District]] = {}


def is_public_host(host: str) -> bool:
    """Whether a host name, without its port, is the vendor's own."""
    suffix = settings.DISTRICT_HOST_SUFFIX
    return host in (suffix, f"www.{suffix}", "127.0.0.1", "[::1]") or host in getattr(settings, "PUBLIC_HOSTS", ())


def district_at(host: str) -> District | None:
    """The district of a host name, removed ones included; none when no district has it or its schema is missing.

    Each call returns a copy, so that no request sees what another did to it.
    """
    now = time.monotonic()
    until, district = _remembered.get(host, (0.0, None))
    if district is None or until < now:
        district = _load(host)
        if district is None:  # not remembered: anybody can think of host names without end
            return None
        _remembered[host] = (now + REMEMBERED_SECONDS, district)
    return _copy_of(district)


def forget_hosts(**_: Any) -> None:
    """Forget everything remembered, at once and again when the running transaction commits."""
    _remembered.clear()
    transaction.on_commit(_remembered.clear)


def _copy_of(district: District) -> District:
    """A copy that shares no mutable part; ten times quicker than the pickling way of copy.copy()."""
    state = ModelState()
    state.adding, state.db = False, district._state.db
    same = District.__new__(District)
    same.__dict__ = {**district.__dict__, "_state": state}
    return same


def _load(host: str) -> District | None:
    with schema_context("public"):
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
        if domain is None:
            return None
        district: District = domain.tenant
        return district if district.removed_at or schema_exists(district.schema_name) else None


for _model in (District, Domain):
    post_save.connect(forget_hosts, sender=_model, dispatch_uid=f"hosts-{_model.__name__}-saved")
    post_delete.connect(forget_hosts, sender=_model, dispatch_uid=f"hosts-{_model.__name__}-deleted")
