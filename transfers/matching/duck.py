"""DuckDB sealed in memory: no file is read or written, no extension is loaded, nothing is fetched or told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb
import pyarrow as pa

from transfers.matching.folding import MACROS
from transfers.matching.nicknames import alike

MEMORY: Final = "512MB"
THREADS: Final = 2


@contextmanager
def sealed(memory: str = MEMORY, threads: int = THREADS) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a database of its own, with the macros of `folding` and the names' other forms.

    What does not fit into its memory is refused: it has no directory to write to, so names never reach a disk.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": threads,
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(":memory:", config=settings)
    try:
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        connection.execute(MACROS)
        names = alike()
        forms = pa.table({"name": list(names), "names": pa.array(list(names.values()), pa.list_(pa.string()))})
        load(connection, "alike", forms)
        connection.execute("CREATE TABLE name (name VARCHAR, tokens VARCHAR[])")
        yield connection
    finally:
        connection.close()


def load(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Make a table of Arrow rows."""
    connection.register("arriving", rows)
    connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS FROM arriving')
    connection.unregister("arriving")
