"""Takes the pictures of docs/images: `python docs/pictures.py` (or `make pictures`).

It starts services, a site and a browser of its own, in a folder that it deletes at the end, and takes a few minutes. It
needs a Chromium: the path in CHROMIUM, or `chromium` on the path. What is photographed is in
demo/management/commands/take_pictures.py. The certificate is typeset by `manage.py typeset_example`, which needs none
of that.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the command on throw-away services; returns its exit status."""
    example = [sys.executable, "manage.py", "typeset_example", "--settings=config.settings.dev"]
    subprocess.run(example, cwd=PROJECT, check=True)
    with tempfile.TemporaryDirectory(prefix="yearturn-pictures-") as folder:
        environment = {
            **os.environ,
            "YEARTURN_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings.pictures",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's loop runs in the thread that asks the database
        }
        command = [sys.executable, "-m", "config.embedded", "run", "--scratch", "--"]
        done = subprocess.run(
            [*command, sys.executable, "manage.py", "take_pictures"], cwd=PROJECT, env=environment, check=False
        )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
