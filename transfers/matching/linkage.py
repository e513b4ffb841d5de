"""The tables of one linkage: incoming students, then the site's, batch by batch, of whom only possible pairs stay."""

from typing import Final

import duckdb
import pyarrow as pa

from transfers.matching.addresses import ADDRESS
from transfers.matching.blocking import keys
from transfers.matching.comparisons import STUDENT
from transfers.matching.duck import load
from transfers.matching.folding import base, full
from transfers.matching.levels import Comparison

INCOMING: Final = "a_incoming"
SITE: Final = "b_site"
"""Names of the two sides. Splink takes them in the alphabet's order: incoming students are its left side."""
TERMS: Final = ("family", "given")
"""The columns whose values' frequencies count."""


class Linkage:
    """Incoming students against a site's. Memory: the incoming, and those of the site who share a key with one."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, incoming: pa.Table, *, whole: bool = False) -> None:
        """Take the incoming students; `whole` keeps the whole site, as estimating parameters needs."""
        self.connection = connection
        self._kept = "true" if whole else "key IN (SELECT site FROM batch_pair)"
        self.students = 0
        load(connection, "incoming", incoming)
        self.fields = self._fields()
        self._places = any(field in self.fields for field in ADDRESS)
        connection.execute(f"CREATE TABLE incoming_base AS {base('incoming')}")
        connection.execute(f"""
            CREATE TABLE incoming_key AS SELECT key, unnest({keys(incoming=True, places=self._places)}) AS block
            FROM {self._with_raw("incoming")} LEFT JOIN alike ON alike.name = given_tokens[1]
        """)
        connection.execute("CREATE TABLE pair (incoming BIGINT, site BIGINT)")
        connection.execute("CREATE TABLE site AS FROM incoming LIMIT 0")
        for term in TERMS:
            connection.execute(f"CREATE TABLE term_{term} (value VARCHAR, times BIGINT)")

    def add_site(self, batch: pa.Table) -> None:
        """Look at a batch of the site's students, in `people.SCHEMA`, and keep those who may be an incoming one."""
        run = self.connection.execute
        load(self.connection, "batch", batch)
        run(f"CREATE OR REPLACE TABLE batch_base AS {base('batch')}")
        run(f"""
            CREATE OR REPLACE TABLE batch_pair AS
            SELECT DISTINCT i.key AS incoming, s.key AS site
            FROM (SELECT key, unnest({keys(incoming=False, places=self._places)}) AS block
                  FROM {self._with_raw('batch')}) AS s
            JOIN incoming_key AS i USING (block)
        """)
        run("INSERT INTO pair FROM batch_pair")
        run(f"INSERT INTO site FROM batch WHERE {self._kept}")
        for term in TERMS:
            run(f"INSERT INTO term_{term} SELECT flat({term}_tokens), count(*) FROM batch_base GROUP BY 1")
        self.students += batch.num_rows

    def _with_raw(self, table: str) -> str:
        """The base columns of a table together with those that only some keys need."""
        if not self._places and table == "batch":
            return "batch_base"
        extra = "known_as, address_number, address_street, address_place, address_suburb, address_postcode"
        return f"{table}_base JOIN (SELECT key, {extra} FROM {table}) USING (key)"

    def _fields(self) -> tuple[Comparison, ...]:
        """The comparisons for which the incoming students have anything."""
        counts = self.connection.execute("SELECT COLUMNS(*)::text FROM incoming LIMIT 0").description
        names = [column[0] for column in counts or ()]
        some = self.connection.execute("SELECT " + ", ".join(f"count(nullif(\"{n}\"::text, ''))" for n in names) + " FROM incoming").fetchone()
        filled = {name for name, count in zip(names, some or (), strict=True) if count}
        return tuple(field for field in (*STUDENT, *ADDRESS) if field.needs in filled)

    def fold(self) -> None:
        """Make the tables that Splink compares, when the whole site has been looked at."""
        run = self.connection.execute
        run(f"CREATE OR REPLACE TABLE {INCOMING} AS {full('incoming', INCOMING)}")
        run(f"CREATE OR REPLACE TABLE {SITE} AS {full('site', SITE)}")
        for term in TERMS:
            run(f"""
                CREATE OR REPLACE TABLE frequency_{term} AS
                SELECT value AS {term}, sum(times) / (SELECT sum(times) FROM term_{term} WHERE value <> '') AS tf_{term}
                FROM term_{term} WHERE value <> '' GROUP BY value
            """)
        run(f"""
            CREATE OR REPLACE TABLE blocked AS
            SELECT DISTINCT '0' AS match_key, '{INCOMING}-__-' || incoming AS join_key_l,
                   '{SITE}-__-' || site AS join_key_r
            FROM pair
        """)
