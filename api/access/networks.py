"""From where a client may come."""

import ipaddress
from collections.abc import Sequence
from typing import Final

from api.access.errors import ClientError

MOST: Final = 50


def networks_in(text: str) -> list[str]:
    """The networks that somebody has written, one a line or with commas between; each as it is kept.

    Raises:
        ClientError: one of them is none, or there are too many.

    >>> networks_in("10.1.0.0/16, 2001:db8::1")
    ['10.1.0.0/16', '2001:db8::1/128']
    """
    found: list[str] = []
    for word in text.replace(",", " ").split():
        try:
            network = str(ipaddress.ip_network(word, strict=False))
        except ValueError:
            raise ClientError(
                f"“{word[:60]}” is no network. Write addresses such as 203.0.113.7 or 203.0.113.0/24."
            ) from None
        if network not in found:
            found.append(network)
    if len(found) > MOST:
        raise ClientError(f"At most {MOST} networks can be listed.")
    return found


def comes_from(address: ipaddress.IPv4Address | ipaddress.IPv6Address | None, networks: Sequence[str]) -> bool:
    """Whether an address lies in one of the networks; from anywhere where none is listed."""
    if not networks:
        return True
    return address is not None and any(address in ipaddress.ip_network(network) for network in networks)
