"""The commands of docs/operations.md, run as they stand there."""

import re
import subprocess
from pathlib import Path

from config.embedded.accounts import Account
from config.embedded.places import CHECKOUT
from tests.support.backups import program

DOCUMENT = CHECKOUT / "docs" / "operations.md"
FOLDER = "/backups"


def documented(name: str, backups: Path) -> str:
    """The block of commands or settings under a name, for backups in a folder of the test's."""
    found = re.findall(rf"<!-- test: {re.escape(name)} -->\n```\w+\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert len(found) == 1, f"{len(found)} blocks are named {name!r}"
    assert FOLDER in found[0]
    return str(found[0].replace(FOLDER, str(backups)))


def run_documented(
    name: str, backups: Path, *, programs: Path | None = None, account: Account | None = None, **variables: str
) -> dict[str, str]:
    """Run a block as a shell would, each command of which must succeed; returns the variables that it leaves.

    Args:
        programs: the folder of PostgreSQL's programs, if not the usual one.
        account: with whose rights; the test's own when left out.
        variables: what the block's variables are.
    """
    path = f"{programs or Path(program('pg_dump')).parent}:/usr/bin:/bin"
    script = f"set -euo pipefail\n{documented(name, backups)}\ndeclare -p | sed -n 's/^declare -- //p'"
    done = subprocess.run(
        ["bash", "-c", script], env={"PATH": path, **variables}, cwd="/", text=True, capture_output=True, check=False,
        user=account.uid if account else None, group=account.gid if account else None,
        extra_groups=[] if account else None,
    )  # fmt: skip
    assert done.returncode == 0, f"{name}: {done.stderr}"
    return dict(re.findall(r'^(\w+)="(.*)"$', done.stdout, re.MULTILINE))
