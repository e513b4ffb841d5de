"""serve_sftp: take bundles by SFTP, one account and folder per district."""

import asyncio
import contextlib
import os
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import asyncssh
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rostering.sftp.server import serve


class Command(BaseCommand):
    """Serve until SIGTERM or Ctrl-C."""

    help = "Take OneRoster bundles by SFTP into the districts' drop folders. Keys are added on each district's pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command line."""
        parser.add_argument("--host", default="", help="the address to listen on (default: all)")
        parser.add_argument("--port", type=int, default=None, help="default: SFTP_PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen.

        Raises:
            CommandError: there is no host key, or the port is taken.
        """
        key, port = host_key(), settings.SFTP_PORT if options["port"] is None else options["port"]
        try:
            asyncio.run(self._serve(options["host"], port, key))
        except OSError as error:
            raise CommandError(f"Cannot listen on port {port}: {error.strerror}.") from None

    async def _serve(self, host: str, port: int, key: asyncssh.SSHKey) -> None:
        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        acceptor = await serve(host, port, key)
        self.stdout.write(f"SFTP on port {acceptor.get_port()}, host key {key.get_fingerprint()}")
        self.stdout.flush()
        await ended.wait()
        acceptor.close()
        await acceptor.wait_closed()


def host_key() -> asyncssh.SSHKey:
    """The server's private key; on a laptop it is made once.

    Raises:
        CommandError: none is given, or it cannot be read.
    """
    given = settings.SFTP_HOST_KEY_FILE
    if not given and not settings.SFTP_MAKES_HOST_KEY:
        raise CommandError(
            "SFTP_HOST_KEY_FILE is not set: make a key with ssh-keygen -t ed25519 -N '' -f sftp_host_key"
        )
    path = Path(given or Path(settings.DATA_DIR) / "sftp_host_key")
    if not given:
        with contextlib.suppress(FileExistsError):
            path.parent.mkdir(parents=True, exist_ok=True)
            made = asyncssh.generate_private_key("ssh-ed25519").export_private_key()
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as kept:
                kept.write(made)
    try:
        return asyncssh.read_private_key(path)
    except (OSError, asyncssh.KeyImportError) as error:
        raise CommandError(f"The host key cannot be read: {error}") from None
