"""Valkey: the broker and cache, which keeps what it accepted."""

import signal
import socket
from typing import Final

from config.embedded import binaries, files
from config.embedded.accounts import give
from config.embedded.server import Identity, Server, first_number

TIMEOUT_SECONDS: Final = 5.0

SETTINGS = {
    "bind": "127.0.0.1",
    "protected-mode": "yes",
    "daemonize": "no",
    "set-proc-title": "no",
    "maxmemory-policy": "noeviction",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": '""',
}


class Valkey(Server):
    """The embedded Valkey."""

    name = "Valkey"
    key = "valkey"
    stop_signal = signal.SIGTERM

    def url(self, port: int) -> str:
        """The REDIS_URL."""
        return f"redis://:{self.password}@127.0.0.1:{port}/0"

    def identity(self) -> Identity | None:
        """The process id it wrote, and the port it was told."""
        pid, port = first_number(self.folder / "valkey.pid"), self.last_port()
        return Identity(pid, port) if pid and port else None

    def marker(self) -> str:
        """Its configuration file, the last argument."""
        return str(self.folder / "valkey.conf")

    def last_port(self) -> int | None:
        """The port of the last start."""
        return first_number(self.place.data / "valkey.port")

    def answers(self, port: int) -> bool:
        """Whether the server on the port takes our password, serves our folder and has loaded its data."""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
                said = _ask(connection, "AUTH", self.password)
                said += _ask(connection, "PING")
                said += _ask(connection, "CONFIG", "GET", "dir")
        except OSError:
            return False
        return said.startswith("+OK\r\n+PONG\r\n") and f"\r\n{self.folder}\r\n" in said

    def complete(self, port: int) -> None:
        """Nothing is left to do."""

    def without_password(self) -> None:
        """Stop the server that has the lost password; the next one gets a new one and the same data."""
        self.stop()

    def command(self, port: int) -> list[str]:
        """The server's command, with its configuration written."""
        program = binaries.valkey_server(self.place)
        (self.folder / "valkey.pid").unlink(missing_ok=True)
        own = {"port": str(port), "requirepass": self.password, "dir": f'"{self.folder}"'}
        own["pidfile"] = f'"{self.folder / "valkey.pid"}"'
        if not self.place.durable:
            own["appendfsync"] = "no"
        path = self.folder / "valkey.conf"
        text = "# Written at each start by config.embedded.\n"
        text += "".join(f"{key} {value}\n" for key, value in {**SETTINGS, **own}.items())
        files.write_private(path, text)
        give(self.place.account, path)
        files.write_private(self.place.data / "valkey.port", str(port))
        return [str(program), str(path)]


def _ask(connection: socket.socket, *words: str) -> str:
    """Send one command and read the answer, which is short enough to come in one piece."""
    request = f"*{len(words)}\r\n" + "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
    connection.sendall(request.encode())
    return connection.recv(65_536).decode(errors="replace")
