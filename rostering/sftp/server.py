"""The SFTP server: keys only, no shell, no forwarding; limits on connections, attempts and time."""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import asyncssh
from django.conf import settings
from django.db import connections

from rostering.services.nightly import drop_folder
from rostering.sftp.accounts import is_allowed, note_use
from rostering.sftp.files import DropFolder
from rostering.sftp.folders import publish_host_keys
from tenants import clock
from tenants.models import District

log = logging.getLogger(__name__)

MOST_CONNECTIONS: Final = 50
MOST_FROM_ONE: Final = 10
"""Connections at a time from one address."""
MOST_KEYS_TRIED: Final = 6
"""Keys that one connection may offer."""
FAILURES: Final = 30
FAILURE_SECONDS: Final = 900
"""After so many connections without a key that fits, within so long, an address is not let in."""
REMEMBERED: Final = 10_000
LOGIN_SECONDS: Final = 20


class Door:
    """Who is connected, and which addresses have failed too often. In memory: a restart forgets it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now, self.inside = now, Counter[str]()
        self.failures: dict[str, deque[float]] = {}

    def admits(self, address: str) -> bool:
        """Whether one more connection of an address is let in."""
        recent = self.failures.get(address, ())
        failed = sum(1 for at in recent if self.now() - at < FAILURE_SECONDS)
        crowded = self.inside.total() > MOST_CONNECTIONS or self.inside[address] > MOST_FROM_ONE
        return not crowded and failed < FAILURES

    def enters(self, address: str) -> None:
        """Count a connection."""
        self.inside[address] += 1

    def leaves(self, address: str, *, failed: bool) -> None:
        """Count a connection that has ended, and whether nobody had got in by it."""
        self.inside[address] -= 1
        if not self.inside[address]:
            del self.inside[address]
        if failed:
            if address not in self.failures and len(self.failures) >= REMEMBERED:
                del self.failures[next(iter(self.failures))]
            self.failures.setdefault(address, deque(maxlen=FAILURES)).append(self.now())


class Visitor(asyncssh.SSHServer):
    """One connection."""

    def __init__(self, door: Door) -> None:
        self._door, self._address, self._tried = door, "", 0
        self._account, self._key = "", ""
        self._is_in = self._is_refused = False
        self._noting: asyncio.Task[None] | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Let it in, or end it at once."""
        self._conn = conn
        peer: Any = conn.get_extra_info("peername") or ("unknown",)
        self._address = str(peer[0])
        self._door.enters(self._address)
        if not self._door.admits(self._address):
            self._is_refused = True
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count how it ended."""
        self._door.leaves(self._address, failed=not self._is_in and not self._is_refused)

    def begin_auth(self, username: str) -> bool:
        """Nobody comes in without a key."""
        return True

    def password_auth_supported(self) -> bool:
        """Passwords are not asked for."""
        return False

    def kbdint_auth_supported(self) -> bool:
        """Nor by another name."""
        return False

    def public_key_auth_supported(self) -> bool:
        """Keys are."""
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether the key is one of the district's. Whether it is the client's own is for its signature to say."""
        self._tried += 1
        if self._tried > MOST_KEYS_TRIED:
            self._conn.disconnect(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "Too many keys.")
            return False
        allowed: bool = await asyncio.to_thread(_with_database, is_allowed, username, key)
        if allowed:
            self._account, self._key = username, key.get_fingerprint()
        return allowed

    def auth_completed(self) -> None:
        """The signature was right: note that the key was used."""
        self._is_in = True
        self._noting = asyncio.ensure_future(
            asyncio.to_thread(_with_database, note_use, self._account, self._key, clock.now)
        )
        log.info("sftp: %s has come in", self._account)


async def serve(host: str, port: int, key: asyncssh.SSHKey, door: Door | None = None) -> asyncssh.SSHAcceptor:
    """Listen until the acceptor is closed.

    Args:
        key: the host's private key; its fingerprint is published for the pages.
        door: counts connections; tests give their own.
    """
    door = door or Door()
    asyncssh.set_log_level(logging.WARNING)  # it would write down who came from which address
    publish_host_keys([key.get_fingerprint()])
    return await asyncssh.listen(
        host,
        port,
        server_host_keys=[key],
        server_factory=lambda: Visitor(door),
        sftp_factory=_folder_of,
        allow_scp=False,
        agent_forwarding=False,
        x11_forwarding=False,
        line_editor=False,
        allow_pty=False,
        login_timeout=LOGIN_SECONDS,
        keepalive_interval=60,
        server_version="Yearturn",
    )


def _folder_of(chan: "asyncssh.SSHServerChannel[bytes]") -> DropFolder:
    """The folder of whoever has come in: their account's name is a district's slug, as `is_allowed` has found."""
    folder: Path = drop_folder(District(slug=str(chan.get_extra_info("username"))))
    return DropFolder(chan, folder, settings.SFTP_MAX_BYTES)


def _with_database(work: Callable[..., Any], *args: Any) -> Any:
    """Work in a thread, with a connection of its own that ends with it: log-ins are few."""
    try:
        return work(*args)
    finally:
        connections.close_all()
