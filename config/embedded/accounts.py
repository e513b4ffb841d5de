"""Whose rights the servers run with: the caller's, but never root's."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import PlaceError

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""All that a server sees of the caller's environment."""


@dataclass(frozen=True)
class Account:
    """An unprivileged user of this machine."""

    uid: int
    gid: int


def server_account(data: Path) -> Account | None:
    """The account for the servers of a data folder; none when the caller is not root and uses its own rights.

    An existing database keeps its owner. A new one goes to the owner of the data folder, or to `nobody` when that
    is root. No account is ever made.
    """
    if os.geteuid() != 0:
        return None
    for folder in (data / "postgres", data):
        if folder.exists():
            status = folder.stat()
            if status.st_uid != 0 and (folder.name == "postgres" or _has_name(status.st_uid)):
                return Account(status.st_uid, status.st_gid)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise PlaceError("PostgreSQL refuses to run as root, and this machine has no user 'nobody'.") from None
    return Account(entry.pw_uid, entry.pw_gid)


def _has_name(uid: int) -> bool:
    """Whether the uid has an entry in the user database, without which initdb does not run."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def run_as(
    account: Account | None,
    command: list[str],
    *,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.STDOUT,
    pass_fds: tuple[int, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end with the account's rights, in a session of its own, with a bare environment."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
        check=False,
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=True,
        umask=0o077,
        pass_fds=pass_fds,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def can_enter(account: Account, folder: Path) -> bool:
    """Whether the account reaches a folder: asked of the system, which knows of more than mode bits."""
    return run_as(account, ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]).returncode == 0


def can_run(account: Account | None, program: Path) -> bool:
    """Whether the account can start a program."""
    try:
        return run_as(account, [str(program), "--version"]).returncode == 0
    except OSError:
        return False


def give(account: Account | None, path: Path) -> None:
    """Make the account the owner of a path that this process made."""
    if account:
        os.chown(path, account.uid, account.gid)


def private_folder(account: Account | None, path: Path) -> Path:
    """A folder that only the account may enter, made when missing."""
    if not path.exists():
        path.mkdir(mode=0o700)
        give(account, path)
    return path
