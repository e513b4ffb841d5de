"""The whole site from one command: web, worker, beat, and SFTP unless SFTP_PORT is 0."""

import signal
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.processes import ProcessDiedError, Processes


class Command(BaseCommand):
    """`manage.py serve [--port 8000] [--no-migrate]`, until Ctrl-C."""

    help = "Migrate, then run the web server, one worker and the beat until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--port", type=int, default=8000, help="the web server's port (default 8000)")
        parser.add_argument("--workers", type=int, default=2, help="jobs at a time (default 2)")
        parser.add_argument("--no-migrate", action="store_true", help="the schemas are known to be up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve. Nothing that dies is restarted in silence: it is named, and the rest is stopped.

        Raises:
            CommandError: one of the processes has ended by itself.
        """
        if not options["no_migrate"]:
            call_command("migrate_districts", stdout=self.stdout, stderr=self.stderr)
        before = signal.signal(signal.SIGTERM, _leave)
        try:
            with Processes.for_settings(settings.SETTINGS_MODULE, Path(settings.DATA_DIR) / "logs") as processes:
                self._serve(processes, options["port"], options["workers"])
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        except ProcessDiedError as error:
            raise CommandError(str(error)) from None
        finally:
            signal.signal(signal.SIGTERM, before)

    def _serve(self, processes: Processes, port: int, jobs: int) -> None:
        processes.start_worker(concurrency=jobs)
        processes.start_beat()
        processes.start_web(port)
        if settings.SFTP_PORT:
            processes.start_sftp(settings.SFTP_PORT)
        host = settings.DISTRICT_HOST_SUFFIX
        self.stdout.write(f"The vendor's desk: http://{host}:{port}/   A district: http://<slug>.{host}:{port}/")
        if settings.SFTP_PORT:
            self.stdout.write(f"Bundles by SFTP: sftp -P {settings.SFTP_PORT} <slug>@127.0.0.1")
        self.stdout.write(f"Logs: {processes.logs}   Ctrl-C stops everything.")
        self.stdout.flush()
        processes.wait()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """A plea to end is heard as Ctrl-C."""
    raise KeyboardInterrupt
