"""How far a package is, told from a second connection: visible while the snapshot is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

TELL = """
UPDATE public.packages_package SET percent = %(percent)s, step = %(step)s WHERE id = %(package)s AND state = 'building'
"""


class Progress:
    """Tells the steps of building a package, each with its share of the work."""

    def __init__(self, package_id: UUID, session: psycopg.Connection[Any]) -> None:
        self.package_id = package_id
        self._session = session

    def reach(self, percent: float, step: str) -> None:
        """Show what is being done now. The words carry names of tables and counts only."""
        values = {"percent": min(int(percent), 99), "step": step[:80], "package": self.package_id}
        self._session.execute(TELL, values)


@contextmanager
def told(package_id: UUID) -> Iterator[Progress]:
    """A second connection for the time of the work."""
    parameters = {**connection.get_connection_params(), "autocommit": True, "cursor_factory": psycopg.Cursor}
    parameters.pop("context", None)
    parameters["application_name"] = "yearturn package progress"
    with psycopg.connect(**parameters) as session:
        yield Progress(package_id, session)
