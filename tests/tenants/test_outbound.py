"""Calls out of the house: which addresses are refused, what a redirect is, how long and how large an answer may be."""

import contextlib
import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants import outbound
from tenants.outbound import (
    ForbiddenAddressError,
    Outbound,
    TooLargeError,
    UnreachableError,
    check_address,
    is_outside,
)
from tenants.sealing import SealBrokenError, open_secret, seal_secret
from tests.support.answering import Asked, Reply, Served, answering


def _call(url: str, *, seconds: float = 5, max_bytes: int = 1000) -> outbound.Answer:
    with Outbound(seconds=seconds, max_bytes=max_bytes) as calls:
        return calls.call("GET", url, headers={})


def _leads_to(monkeypatch: Any, *answers: list[str]) -> list[str]:
    """Let every name lead to these addresses, the next time to the next; returns the names that were asked."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", resolve)
    return asked


def _connections(monkeypatch: Any) -> list[str]:
    connected: list[str] = []

    def connect(self: Any, host: str, *rest: Any, **more: Any) -> httpcore.NetworkStream:
        connected.append(host)
        raise httpcore.ConnectError("Connection refused")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    return connected


@pytest.mark.parametrize(
    "url",
    [
        "http://sis.example.org/",
        "ftp://sis.example.org/",
        "https://me:secret@sis.example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://",
        "https://[",
        "https://sis.example.org:99999/",
        "https://sis example.org/",
        "sis.example.org",
        "",
    ],
)
def test_what_is_no_public_https_address_is_refused_by_its_form(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        check_address(url)


@given(st.ip_addresses())
def test_private_addresses_are_inside_also_within_others(address: Any) -> None:
    if address.version == 4:
        assert is_outside(f"::ffff:{address}") == is_outside(str(address)) == is_outside(f"64:ff9b::{address}")
    if address.is_private or address.is_loopback or address.is_link_local:
        assert not is_outside(str(address)) or address.is_global


@pytest.mark.parametrize("name", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0"])  # noqa: S104
def test_a_name_that_leads_inside_is_never_connected_to(name: str, monkeypatch: Any) -> None:
    connected = _connections(monkeypatch)
    _leads_to(monkeypatch, ["93.184.216.34", name])  # one public address does not excuse the other
    with pytest.raises(ForbiddenAddressError, match="inside of a network"):
        _call("https://sis.example.org/")
    assert connected == []


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: Any) -> None:
    connected = _connections(monkeypatch)
    asked = _leads_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])  # what it says the second time nobody hears
    with pytest.raises(UnreachableError, match="refused the connection"):
        _call("https://sis.example.org/")
    assert (asked, connected) == (["sis.example.org"], ["93.184.216.34"])


def test_redirects_are_not_followed(settings: Any) -> None:
    with answering(lambda _: Reply(200, b"secret")) as inside:

        def redirect(_: Asked) -> Reply:
            return Reply(302, headers={"Location": f"{inside.url}/"})

        with answering(redirect) as served:
            settings.OUTBOUND_TRUSTED = frozenset({served.host})
            assert _call(f"{served.url}/").status == 302
            with pytest.raises(ForbiddenAddressError):
                _call(f"{inside.url}/")
        assert inside.asked == []


def _trusted(settings: Any, served: Served) -> str:
    settings.OUTBOUND_TRUSTED = frozenset({served.host})
    return f"{served.url}/"


def test_an_answer_may_be_only_so_large(settings: Any) -> None:
    with answering(lambda _: Reply(200, b"x" * 1001)) as served, pytest.raises(TooLargeError):
        _call(_trusted(settings, served))
    with answering(lambda _: Reply(200, b"x" * 1000, {"X-Total-Count": "7"})) as served:
        answer = _call(_trusted(settings, served))
    assert (len(answer.body), answer.headers["x-total-count"]) == (1000, "7")


def test_a_server_that_drips_is_left(settings: Any) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(200):
                handler.wfile.write(b".")
                handler.wfile.flush()
                time.sleep(0.05)

    began = time.monotonic()
    with answering(lambda _: Reply(write=drip)) as served:
        url = _trusted(settings, served)
        with pytest.raises(UnreachableError, match="in time"):
            _call(url, seconds=0.4)
    assert time.monotonic() - began < 5


def test_nobody_there(settings: Any) -> None:
    with answering(lambda _: Reply()) as served:
        url = _trusted(settings, served)
    with pytest.raises(UnreachableError):
        _call(url)
    with pytest.raises(UnreachableError, match="no server called"):
        _call("https://nobody.invalid/")


@given(st.text())
def test_secrets_come_back_and_are_not_to_be_read(secret: str) -> None:
    sealed = seal_secret(secret)
    assert open_secret(sealed) == secret
    assert len(secret) < 3 or secret not in sealed


def test_older_keys_still_open_and_lost_ones_do_not(settings: Any) -> None:
    sealed = seal_secret("s3cret")
    settings.SEALING_KEYS = ["a new text", *settings.SEALING_KEYS]
    assert open_secret(sealed) == "s3cret"
    settings.SEALING_KEYS = ["a new text"]
    with pytest.raises(SealBrokenError):
        open_secret(sealed)
