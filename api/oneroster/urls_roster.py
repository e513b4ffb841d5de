"""The rostering service's addresses."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from api.oneroster.resources.demographics import DEMOGRAPHICS
from api.oneroster.routes import NESTED, WHOLE
from api.oneroster.scopes import CORE, ROSTER, of_old
from api.oneroster.scopes import DEMOGRAPHICS as DEMOGRAPHIC_SCOPES
from api.oneroster.views import ListView, RecordView


def addresses(*, old: bool) -> Iterator[URLPattern]:
    """Every address of the service, for 1.2 or for 1.1."""
    version = "v1p1" if old else "v1p2"
    for number, (address, resource, parents) in enumerate(NESTED):
        view = ListView.as_view(resource=resource, parents=parents, old=old, scopes=_reading(ROSTER, old=old))
        yield path(address, view, name=f"{version}_nested_{number}")
    for name, resource in WHOLE:
        scopes = _reading(DEMOGRAPHIC_SCOPES if resource is DEMOGRAPHICS else CORE, old=old)
        yield path(name, ListView.as_view(resource=resource, old=old, scopes=scopes), name=f"{version}_{name}")
        record = RecordView.as_view(resource=resource, old=old, scopes=scopes)
        yield path(f"{name}/<path:sourced_id>", record, name=f"{version}_{name}_one")


def _reading(scopes: tuple[str, ...], *, old: bool) -> dict[str, tuple[str, ...]]:
    return {"GET": of_old(scopes) if old else scopes}
