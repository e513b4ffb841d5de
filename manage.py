#!/usr/bin/env python
"""Django's commands, on the embedded PostgreSQL and Valkey unless the environment names others."""

import os
import sys

from django.core.management import execute_from_command_line

from config import embedded

HELP_COMMANDS = {"help", "version"}
WITHOUT_SERVICES = {"verify_certificate", "typeset_example"}
"""Commands that ask no database and no broker."""
HELP_OPTIONS = {"--help", "-h", "--version"}


def needs_services(arguments: list[str]) -> bool:
    """Whether the command line asks for more than help, of what needs a database."""
    asks_none = not arguments or arguments[0] in HELP_COMMANDS | WITHOUT_SERVICES
    return not asks_none and not HELP_OPTIONS & set(arguments)


def main() -> None:
    """Run the command. The services' addresses are set before any settings load."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if not needs_services(sys.argv[1:]):
        execute_from_command_line(sys.argv)
        return
    try:
        with embedded.leaving_on_signals(), embedded.services() as found:
            os.environ.update(found.environment())
            execute_from_command_line(sys.argv)
    except embedded.EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
