"""Processes of the servers: starting them apart from the caller, telling them from strangers, ending them."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from config.embedded.accounts import ENVIRONMENT, Account, run_as
from config.embedded.errors import EmbeddedError

PROCESSES = Path("/proc")


def spawn(account: Account | None, command: list[str], *, log: Path, held: int) -> int:
    """Start a server that outlives this process and hears nothing of its terminal; gives the process id.

    The server and its children inherit the lock `held`. A shell starts it and leaves, so that the server is nobody's
    child here: its death leaves no zombie behind, whoever looks.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "ab") as output:
        done = run_as(
            account,
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command],
            stderr=output.fileno(),
            pass_fds=(held,),
        )
    if done.returncode != 0:
        raise EmbeddedError(f"{command[0]} could not be started; see {log}")
    return int(done.stdout)


def command_line(pid: int) -> str:
    """The command line of a living process; empty for a dead one, a zombie or a stranger that hides it."""
    try:
        return (PROCESSES / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if (PROCESSES / "self").exists():
            return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    return found.stdout.strip()


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process, which may have ended."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def kill_inside(folder: Path) -> int:
    """Kill the processes whose working folder this is: what a dead server left behind. Gives how many."""
    killed = 0
    for entry in PROCESSES.glob("[0-9]*"):
        try:
            inside = Path(os.readlink(entry / "cwd")) == folder
        except OSError:
            continue
        if inside and int(entry.name) != os.getpid():
            send(int(entry.name), signal.SIGKILL)
            killed += 1
    return killed


def free_port(preferred: int | None) -> int:
    """The preferred port of 127.0.0.1 if it is free, or another free one."""
    for port in (preferred or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedError("no port of 127.0.0.1 is free")
