"""Enters the district that a request's host name belongs to, before anything else looks at the request."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from tenants.errors import DistrictClosedError
from tenants.hosts import district_at, is_public_host
from tenants.opening import check_open
from tenants.schema import switch

log = logging.getLogger(__name__)

RETRY_SECONDS = 600
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""
NOT_FOUND = PAGE.format(
    title="No district here",
    text="No district is served at this address. Check the address, or ask the person who gave it to you.",
)
CLOSED = PAGE.format(
    title="Closed for a moment",
    text="This district's data is being brought up to date after a restore from a backup. Nobody sees it until that is"
    " done. Please come back later; nothing that you entered before is needed again unless you are told so.",
)
GONE = PAGE.format(
    title="District removed",
    text="The district that was served at this address has been removed. Ask your customer success manager.",
)


@dataclass(frozen=True)
class PublicTenant:
    """What `request.tenant` is on the public host: no district."""

    schema_name: str = "public"
    domain_url: str | None = None

    def get_tenant_type(self) -> str:
        """The answer that django-tenants' router wants."""
        return self.schema_name


PUBLIC = PublicTenant()


class DistrictMiddleware:
    """Sets `request.tenant`: a District, with its schema entered, or PUBLIC, with the public host's URLs.

    An address of no district gets a plain 404, one of a removed district a plain 410, one of a district whose database
    is older than its ledger a plain 503: none reaches a view.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its district."""
        tenant: Any
        try:
            host = _host_of(request)
        except DisallowedHost:
            switch.set_schema_to_public()
            return HttpResponse(NOT_FOUND, status=404)
        if is_public_host(host):
            tenant = PUBLIC
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        else:
            tenant = district_at(host)
            if tenant is None or tenant.removed_at is not None:
                switch.set_schema_to_public()
                return HttpResponse(GONE, status=410) if tenant else HttpResponse(NOT_FOUND, status=404)
            try:
                check_open(tenant)
            except DistrictClosedError as closed:
                return _closed(closed)
        request.tenant = tenant  # type: ignore[attr-defined]
        switch.set_tenant(tenant)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The same answer for a page of the public host that looks into a closed district."""
        return _closed(exception) if isinstance(exception, DistrictClosedError) else None


def _closed(error: DistrictClosedError) -> HttpResponse:
    log.warning("%s", error)
    switch.set_schema_to_public()
    return HttpResponse(CLOSED, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def _host_of(request: HttpRequest) -> str:
    """The request's host name in lower case, without port and final dot."""
    host = request.get_host().lower()
    if not host.endswith("]"):
        host = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return host.rstrip(".")
