"""Calls out of the house, over https and never to an address inside of the network.

A name is resolved once; all of its addresses are checked, and the connection goes to an address that was checked,
whatever the name leads to a moment later. Redirects are answers like others: nobody follows them. Proxies of the
environment are not asked.
"""

import ipaddress
import socket
import time
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpcore
from django.conf import settings

CONNECT_SECONDS: Final = 10.0
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
INSIDE: Final = "This address leads inside of a network, where Yearturn does not go. Give one that is public."


class OutboundError(Exception):
    """The call has no answer; the message says why, in words for whoever entered the address."""


class ForbiddenAddressError(OutboundError):
    """The address is none that may be called."""


class UnreachableError(OutboundError):
    """Nobody answered, or not in time. It may be otherwise in a while."""


class TooLargeError(OutboundError):
    """The answer is larger than whoever asked wants to take."""


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def check_address(url: str) -> str:
    """The address as it was given, when its form may be called; where it leads is looked at with each call.

    Raises:
        ForbiddenAddressError: it is no https address, or it holds a name and password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ForbiddenAddressError("This is no web address.") from None
    if not host or not url.isascii() or any(letter.isspace() for letter in url):
        raise ForbiddenAddressError("This is no web address.")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddressError("Leave name and password out of the address.")
    if _is_trusted(host, port):
        return url
    if parts.scheme != "https":
        raise ForbiddenAddressError("The address must begin with https://.")
    literal = _literal(host)
    if literal is not None and not is_outside(literal):
        raise ForbiddenAddressError(INSIDE)
    return url


def is_outside(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when one is written inside of another.

    >>> [is_outside(each) for each in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "fe80::1%eth0")]
    [True, False, False, False, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_outside(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local)


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def _is_trusted(host: str, port: int | None) -> bool:
    """Tests and developers name servers of their own machine; production names none."""
    return f"{host}:{port}" in settings.OUTBOUND_TRUSTED


def _checked_addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnreachableError(f"There is no server called {host}.") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not _is_trusted(host, port) and not all(is_outside(address) for address in addresses):
        raise ForbiddenAddressError(INSIDE)
    return addresses


class _Timed(httpcore.NetworkStream):
    """A connection that ends when the call's time is over, however slowly the bytes come."""

    def __init__(self, stream: httpcore.NetworkStream, calls: "Outbound") -> None:
        self._stream, self._calls = stream, calls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._calls.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._calls.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._calls.left(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._calls)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Guarded(httpcore.NetworkBackend):
    """Connects to checked addresses only."""

    def __init__(self, calls: "Outbound") -> None:
        self._plain, self._calls = httpcore.SyncBackend(), calls

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception | None = None
        for address in _checked_addresses(host, port):
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._calls.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Timed(stream, self._calls)
        raise failed or UnreachableError(f"There is no server called {host}.")


class Outbound:
    """Calls of one piece of work, over connections that are kept between them.

    Args:
        seconds: how long one call may take from its beginning to the last byte.
        max_bytes: how large an answer may be.
    """

    def __init__(self, *, seconds: float, max_bytes: int) -> None:
        self._seconds, self._max_bytes, self._until = seconds, max_bytes, 0.0
        self._pool = httpcore.ConnectionPool(network_backend=_Guarded(self), max_connections=2, keepalive_expiry=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def left(self, timeout: float | None) -> float:
        """How long the running call may still wait; never nothing at all, which would mean not to wait."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the call's time is over")
        return min(left, timeout) if timeout else left

    def call(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Make one call and take its answer, whatever its status.

        Raises:
            ForbiddenAddressError: the address may not be called.
            UnreachableError: nobody answered, or too slowly.
            TooLargeError: the answer is too large.
        """
        check_address(url)
        self._until = time.monotonic() + self._seconds
        timeouts = dict.fromkeys(("connect", "pool"), CONNECT_SECONDS) | dict.fromkeys(("read", "write"), self._seconds)
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            with self._pool.stream(
                method, url, headers=sent, content=body or None, extensions={"timeout": timeouts}
            ) as response:
                taken = self._taken(response)
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                return Answer(response.status, found, taken)
        except httpcore.TimeoutException:
            raise UnreachableError("The server did not answer in time.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise UnreachableError(f"The server could not be reached ({_reason(error)}).") from None

    def _taken(self, response: httpcore.Response) -> bytes:
        body = bytearray()
        for part in typing.cast("Iterable[bytes]", response.stream):
            body += part
            if len(body) > self._max_bytes:
                raise TooLargeError(f"The server's answer is larger than {self._max_bytes >> 20} MB.")
        return bytes(body)


def _reason(error: Exception) -> str:
    """What kind of failure it was, without addresses."""
    text = str(error).lower()
    if "certificate" in text:
        return "its certificate is not valid"
    if "refused" in text:
        return "it refused the connection"
    return "the connection broke off"
