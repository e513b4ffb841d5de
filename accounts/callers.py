"""From which network a request comes: told by the connection, or by as many proxies as are ours."""

import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
V6_PREFIX: Final = 64
"""One subscriber has so much of IPv6 at least: whoever changes the rest of the address is still the same."""


BEARER: Final = "bearer"


def bearer_of(request: HttpRequest) -> str | None:
    """The token with which a program asks, `Authorization: Bearer`; None where it is no such request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == BEARER else None


def network_of(request: HttpRequest) -> str:
    """The caller's network; empty where nobody who is trusted tells it."""
    address = address_of(request)
    if address is None:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((int(address), V6_PREFIX), strict=False))


def address_of(request: HttpRequest) -> Address | None:
    """The caller's address; None where nobody who is trusted tells it.

    With `TRUSTED_PROXIES` in front, the last of them writes who asked it at the end of X-Forwarded-For. What stands
    before the entries of our own proxies is the caller's own word and counts for nothing.
    """
    proxies: int = settings.TRUSTED_PROXIES
    if not proxies:
        return _address(request.META.get("REMOTE_ADDR", ""))
    told = request.headers.get("X-Forwarded-For", "").split(",")
    return _address(told[-proxies].strip()) if len(told) >= proxies else None


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
