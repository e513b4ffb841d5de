"""`run_reset DISTRICT SUITE`: ask for the run of a suite whose date has come, and watch it."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from resets.engine import execute
from resets.engine.errors import ResetError
from resets.errors import ScheduleError
from resets.management.arguments import ACTOR, add_district_and_suite, as_json, read_target
from resets.models import ResetRun, RunState
from resets.selectors import counts_of
from resets.services import request_run
from tenants import clock
from tenants.errors import describe_error

POLL_SECONDS = 0.3
FINAL = (RunState.COMPLETED, RunState.FAILED)


class Command(BaseCommand):
    """The worker does the work; `--inline` does it here, for a machine without one."""

    help = "Reset a suite's data in a district, once its scheduled date has come."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `--help`."""
        add_district_and_suite(parser)
        parser.add_argument("--inline", action="store_true", help="execute in this process, without a worker")
        parser.add_argument("--wait", type=int, default=600, help="seconds to wait for the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, watch, and say what was done; the exit status is 1 unless the run was completed."""
        district, suite, school_year = read_target(options)
        try:
            run = request_run(district, suite, school_year, actor=ACTOR, now=clock.now())
        except ScheduleError as error:
            raise CommandError(str(error)) from error
        if options["inline"]:
            try:
                execute(run.pk)
            except ResetError as error:
                raise CommandError(f"nothing was changed: {describe_error(error)}") from error
        else:
            self._watch(run, options["wait"])
        run.refresh_from_db()
        self._tell(run, as_data=options["json"])

    def _watch(self, run: ResetRun, seconds: int) -> None:
        """Show the step while the worker is at it; leaving this command does not stop it."""
        console = Console(stderr=True)
        deadline = time.monotonic() + seconds
        with console.status("waiting for a worker") as status:
            while run.state not in FINAL:
                if time.monotonic() > deadline:
                    raise CommandError(f"run {run.pk} is still {run.state}; it goes on without this command")
                time.sleep(POLL_SECONDS)
                run.refresh_from_db()
                status.update(run.step or run.state)

    def _tell(self, run: ResetRun, *, as_data: bool) -> None:
        counts = list(counts_of(run).values("category", "action", "school_id", "before", "retained", "archived",
                                            "deleted", "changed"))  # fmt: skip
        if as_data:
            self.stdout.write(as_json({"run": run.pk, "state": run.state, "error": run.error, "counts": counts}))
        if run.state != RunState.COMPLETED:
            raise CommandError(f"nothing was changed: {run.error}")
        if not as_data:
            totals = {name: sum(count[name] for count in counts) for name in ("archived", "deleted", "changed")}
            words = ", ".join(f"{number:,} rows {name}" for name, number in totals.items())
            self.stdout.write(f"completed and verified: {words}")
