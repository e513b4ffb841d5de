"""Who uses a set of services: one locked file per user, so that nobody stops what another still needs."""

import fcntl
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from config.embedded import files


@dataclass(frozen=True)
class Claim:
    """One user's claim. It lives as long as the process, or a child that inherits the descriptor."""

    path: Path
    descriptor: int

    def release(self) -> None:
        """Give the claim up."""
        self.path.unlink(missing_ok=True)
        os.close(self.descriptor)


def take(data: Path) -> Claim:
    """Claim the services of a data folder for this process."""
    folder = data / "claims"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{os.getpid()}-{secrets.token_hex(4)}"
    descriptor = files.open_lock(path)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return Claim(path, descriptor)


def living(data: Path) -> list[int]:
    """The process ids that made the living claims; claims of the dead are swept."""
    pids = []
    for path in sorted((data / "claims").glob("*-*")):
        if files.is_held(path):
            pids.append(int(path.name.partition("-")[0]))
        else:
            path.unlink(missing_ok=True)
    return pids
