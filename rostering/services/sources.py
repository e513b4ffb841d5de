"""Where a district's rosters come from: its provider, and what its nights import. Each change is in the ledger."""

import datetime as dt
import enum
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction
from django_tenants.utils import schema_context

from ledger.services import append_entry
from rostering.errors import RosterError
from rostering.models import RosterProvider
from tenants.models import District
from tenants.outbound import ForbiddenAddressError, check_address
from tenants.sealing import seal_secret

PATHS: Final = {"1.2": "/ims/oneroster/rostering/v1p2", "1.1": "/ims/oneroster/v1p1"}
ENTER_ANEW: Final = "Enter the secret: it is sent only to the address with which it was entered."


class SourceError(RosterError):
    """The source was not changed; the message says what to mend. `field` names the field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Nightly(enum.StrEnum):
    """What the nights import."""

    OFF = "off"
    DROP = "drop"
    PROVIDER = "provider"


def set_provider(
    district: District,
    *,
    version: str,
    address: str,
    token_address: str,
    client_id: str,
    secret: str,
    actor: str,
    at: dt.datetime,
) -> RosterProvider:
    """Set or change the provider of the entered district. The next pull reads everything.

    Args:
        address: the service, or only its host: then the specification's path is used.
        secret: empty to keep the one that is stored.

    Raises:
        SourceError: an address may not be called, or the secret is missing.
    """
    address = _address("address", address, PATHS[version])
    token_address = _address("token_address", token_address, "")
    with transaction.atomic():
        old = RosterProvider.objects.select_for_update().first()
        if not secret and (old is None or old.token_address != token_address):
            raise SourceError("secret", ENTER_ANEW)
        provider = RosterProvider(
            pk=1,
            version=version,
            address=address,
            token_address=token_address,
            client_id=client_id,
            sealed_secret=seal_secret(secret) if secret or old is None else old.sealed_secret,
            is_nightly=old is not None and old.is_nightly,
            set_by=actor,
            set_at=at,
        )
        provider.save()
        append_entry(district.pk, "roster_provider_set", actor=actor, at=at, facts={"version": version})
    return provider


def remove_provider(district: District, *, actor: str, at: dt.datetime) -> None:
    """Forget the provider and its secret; nights that pulled from it import nothing any more."""
    with transaction.atomic():
        provider = RosterProvider.objects.select_for_update().first()
        if provider is None:
            return
        if provider.is_nightly:
            _turn_nights(district, on=False)
        provider.delete()
        append_entry(district.pk, "roster_provider_removed", actor=actor, at=at, facts={})


def choose_nightly(district: District, nightly: Nightly, *, actor: str, at: dt.datetime) -> None:
    """Say what the nights import: the newest bundle of the drop folder, a pull, or nothing.

    It is one of them, because each whole roster takes the other's people for gone.

    Raises:
        SourceError: there is no provider to pull from.
    """
    with transaction.atomic():
        provider = RosterProvider.objects.select_for_update().first()
        if nightly is Nightly.PROVIDER and provider is None:
            raise SourceError("nightly", "Set up the OneRoster provider first.")
        if nightly is nightly_of(district):
            return
        RosterProvider.objects.update(is_nightly=nightly is Nightly.PROVIDER)
        _turn_nights(district, on=nightly is not Nightly.OFF)
        append_entry(district.pk, "nightly_source_chosen", actor=actor, at=at, facts={"source": nightly.value})


def nightly_of(district: District) -> Nightly:
    """What the nights of the entered district import."""
    if not district.nightly_sync:
        return Nightly.OFF
    return Nightly.PROVIDER if RosterProvider.objects.filter(is_nightly=True).exists() else Nightly.DROP


def _turn_nights(district: District, *, on: bool) -> None:
    with schema_context("public"):
        stored = District.objects.get(pk=district.pk)
        stored.nightly_sync = on
        stored.save(update_fields=["nightly_sync"])  # and not by an update: this tells who remembers the district
    district.nightly_sync = on


def _address(field: str, said: str, path: str) -> str:
    said = said.strip().rstrip("/")
    try:
        check_address(said)
    except ForbiddenAddressError as error:
        raise SourceError(field, str(error)) from None
    parts = urlsplit(said)
    if parts.query or parts.fragment:
        raise SourceError(field, "Leave out what follows the ? or # of the address.")
    return said + path if not parts.path else said
