"""`make demo`: three districts go through a whole year's end."""

import contextlib
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.processes import ProcessDiedError, Processes
from demo import stage
from demo.cast import CAST, PASSWORD, Year, year_ending
from demo.story import Story
from demo.teller import Teller
from demo.wait import DemoError
from tenants.clock import local_start, set_simulated_now

SCHOOL_YEAR = 2026


class Command(BaseCommand):
    """Plays the year's end of three fictional districts on a simulated clock, then serves their sites."""

    help = "Play the year's end of three fictional districts, then serve the site until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options that make passes on."""
        parser.add_argument("--exit", action="store_true", help="End after the table; status 0 only if all rules held.")
        parser.add_argument("--bundle", type=Path, help="A OneRoster bundle: the first district's roster and year.")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--scale", type=float, default=1.0, help="Of the districts' sizes.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, print the table, and serve."""
        bundle: Path | None = options["bundle"]
        if bundle is not None and not bundle.exists():
            raise CommandError(f"there is no bundle {bundle}")
        teller = Teller()
        started = time.monotonic()
        try:
            held = self._play(teller, bundle, options, started)
        except (DemoError, ProcessDiedError) as error:
            raise CommandError(str(error)) from error
        if options["exit"] and not held:
            raise CommandError("not every rule held")

    def _play(self, teller: Teller, bundle: Path | None, options: dict[str, Any], started: float) -> bool:
        year = stage.school_year_of_bundle(bundle) if bundle else year_ending(SCHOOL_YEAR)
        teller.act("Before", "Three districts, their rosters, and the history of their products")
        stage.empty_database()
        set_simulated_now(local_start(year.on(6, 11), 9, "UTC"))
        with Processes.for_settings("config.settings.demo", Path(settings.DATA_DIR) / "logs") as processes:
            story = self._stage(teller, year, bundle, options["scale"], processes)
            processes.start_worker()
            processes.start_beat()
            story.pick_dates()
            story.run_resets()
            story.roster_new_year()
            story.count_ninety_days()
            story.follow_movers()
            teller.table(story.lines)
            held = all(line.held for line in story.lines)
            verdict = "every rule held" if held else "NOT EVERY RULE HELD"
            teller.say(f"{len(story.lines)} rows, {verdict}, in {time.monotonic() - started:.0f} s")
            if not options["exit"]:
                self._serve(teller, story, processes, options["port"])
        return held

    def _stage(self, teller: Teller, year: Year, bundle: Path | None, scale: float, processes: Processes) -> Story:
        csm = stage.hire_csm()
        districts = []
        for part in CAST:
            own = bundle if part is CAST[0] else None
            district = stage.found_district(part, year, csm, own, scale)
            districts.append((part, district))
            teller.say(f"{part.slug:14} {part.name}: {stage.size_of(district)}")
        return Story(year, districts, processes, teller)

    def _serve(self, teller: Teller, story: Story, processes: Processes, port: int) -> None:
        processes.start_web(port)
        teller.act("The site", f"is served until Ctrl-C; every password is {PASSWORD}")
        teller.say(f"http://localhost:{port}/admin/  CSM {stage.CSM_EMAIL}")
        for _, district in story.districts:
            for who, email in stage.invite_people(district):
                teller.say(f"http://{district.slug}.localhost:{port}/  {who} {email}")
        with contextlib.suppress(KeyboardInterrupt):
            processes.wait()
