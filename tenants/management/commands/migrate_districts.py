"""Migrate the public schema and every district's."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.migrating.districts import How, migrate_districts


class Command(BaseCommand):
    """`manage.py migrate_districts [--parallel N] [--skip-public]`."""

    help = "Migrate the public schema, then every district: one for real, the others by replaying its SQL."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--parallel", type=int, default=1, help="replay over this many connections (default 1)")
        parser.add_argument("--skip-public", action="store_true", help="leave the public schema alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; exit status 1 when a district failed, after the others were done."""
        if not options["skip_public"]:
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        outcomes = migrate_districts(parallel=max(1, options["parallel"]))
        for how in How:
            count = sum(outcome.how is how for outcome in outcomes)
            if count and how is not How.FAILED:
                self.stdout.write(f"{count} districts: {how.value}")
        failed = [outcome for outcome in outcomes if outcome.how is How.FAILED]
        for outcome in failed:
            self.stderr.write(f"{outcome.slug} ({outcome.schema}): {outcome.error}")
        if failed:
            raise CommandError(f"{len(failed)} of {len(outcomes)} districts failed; the others are done.", returncode=1)
