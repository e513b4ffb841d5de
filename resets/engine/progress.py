"""What a run is doing, told from a second connection: visible while the transaction is open, and kept if it fails.

The log has a line for each thing worth telling; a line with `step` says when that step began.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.types.json import Jsonb

from events.resets import of_reset
from events.services import note_events
from events.types import RESET_FAILED, RESET_STARTED
from resets.engine import events
from tenants import clock

TELL = """
UPDATE public.resets_resetrun SET step = %(step)s, log = log || %(entry)s WHERE id = %(run)s
"""
START = """
UPDATE public.resets_resetrun
SET state = 'running', attempts = attempts + 1, started_at = coalesce(started_at, %(at)s), step = '', error = ''
WHERE id = %(run)s AND state IN ('queued', 'running')
RETURNING district_id, suite, school_year, "on"
"""
FAIL = """
UPDATE public.resets_resetrun
SET state = CASE WHEN %(final)s THEN 'failed' ELSE state END, error = %(error)s, step = '',
    finished_at = CASE WHEN %(final)s THEN %(at)s ELSE finished_at END, log = log || %(entry)s,
    evidence = CASE WHEN %(evidence)s = '{}'::jsonb THEN evidence ELSE %(evidence)s END
WHERE id = %(run)s AND state IN ('queued', 'running')
RETURNING district_id, suite, school_year, "on"
"""
PUT_OFF = """
UPDATE public.resets_resetrun SET step = '', attempts = greatest(attempts - 1, 0), log = log || %(entry)s
WHERE id = %(run)s AND state IN ('queued', 'running')
"""


class Progress:
    """Tells a run's steps. Its words carry identifiers and counts only."""

    def __init__(self, run_id: UUID, session: psycopg.Connection[Any]) -> None:
        self.run_id = run_id
        self._session = session

    def start(self) -> None:
        """Count the attempt, and show that the run is running.

        From here on nothing that is told waits for the disk: a step that a crash forgets was only to be looked at, and
        two of them are told while readers wait.
        """
        with self._session.transaction():
            row = self._session.execute(START, {"run": self.run_id, "at": clock.now()}).fetchone()
            self._tell(RESET_STARTED, row)
        self._session.execute("SET synchronous_commit = off")

    def reach(self, point: str, step: str) -> None:
        """Show the step that begins, note when, and tell the listeners of the point."""
        began = [{**_entry(step, "milliseconds"), "step": True}] if step else []
        self._session.execute(TELL, {"run": self.run_id, "step": step, "entry": Jsonb(began)})
        events.reached(point)

    def note(self, message: str) -> None:
        """Add a line to the run's log."""
        entry = Jsonb([_entry(message)])
        self._session.execute(
            "UPDATE public.resets_resetrun SET log = log || %(entry)s WHERE id = %(run)s",
            {"run": self.run_id, "entry": entry},
        )

    def put_off(self, reason: str) -> None:
        """Tell that a person has stopped the run: it waits, and this attempt is not counted."""
        self._session.execute(PUT_OFF, {"run": self.run_id, "entry": Jsonb([_entry(f"stopped: {reason}")])})

    def fail(self, error: str, evidence: dict[str, Any], *, final: bool) -> None:
        """Keep the error of an attempt and what it had seen; a final one ends the run."""
        parameters = {
            "run": self.run_id,
            "error": error,
            "evidence": Jsonb(evidence),
            "final": final,
            "at": clock.now(),
            "entry": Jsonb([_entry(f"attempt failed: {error}")]),
        }
        self._session.execute("SET synchronous_commit = on")
        with self._session.transaction():
            row = self._session.execute(FAIL, parameters).fetchone()
            if final:
                self._tell(RESET_FAILED, row)

    def _tell(self, told: str, row: tuple[Any, ...] | None) -> None:
        """Note an event for other programs, once for a run, in the session's transaction."""
        if row is None:
            return
        district, suite, school_year, on = row
        key = str(self.run_id)
        event = of_reset(district, told, suite, school_year, at=clock.now(), on=on, once=key, run=key)
        note_events([event], self._session)


@contextmanager
def told(run_id: UUID) -> Iterator[Progress]:
    """A second connection for the time of a run."""
    parameters = {**connection.get_connection_params(), "autocommit": True, "cursor_factory": psycopg.Cursor}
    parameters.pop("context", None)
    parameters["application_name"] = "yearturn reset progress"
    with psycopg.connect(**parameters) as session:
        yield Progress(run_id, session)


def _entry(message: str, precision: str = "seconds") -> dict[str, Any]:
    return {"at": clock.now().astimezone(dt.UTC).isoformat(timespec=precision), "message": message}
