"""From which network a request comes: told by the connection, or by as many proxies as are ours."""

import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

V6_PREFIX: Final = 64
"""One subscriber has so much of IPv6 at least: whoever changes the rest of the address is still the same."""


def network_of(request: HttpRequest) -> str:
    """The caller's network; empty where nobody who is trusted tells it.

    With `TRUSTED_PROXIES` in front, the last of them writes who asked it at the end of X-Forwarded-For. What stands
    before the entries of our own proxies is the caller's own word and counts for nothing.
    """
    proxies: int = settings.TRUSTED_PROXIES
    if not proxies:
        return _network(request.META.get("REMOTE_ADDR", ""))
    told = request.headers.get("X-Forwarded-For", "").split(",")
    return _network(told[-proxies].strip()) if len(told) >= proxies else ""


def _network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), V6_PREFIX), strict=False))
