"""The tables of one linkage: incoming students, then the site's, batch by batch, of whom only possible pairs stay."""

from typing import Final

import duckdb
import pyarrow as pa

from transfers.matching.addresses import ADDRESS
from transfers.matching.blocking import pairs
from transfers.matching.comparisons import STUDENT
from transfers.matching.duck import load
from transfers.matching.folding import base, full, names
from transfers.matching.levels import Comparison

INCOMING: Final = "a_incoming"
SITE: Final = "b_site"
"""Names of the two sides. Splink takes them in the alphabet's order: incoming students are its left side."""
TERMS: Final = ("family", "given")
"""The columns whose values' frequencies count."""


class Linkage:
    """Incoming students against a site's. Memory: the incoming, and those of the site whom a rule brings to one.

    Attributes:
        students: how many of the site have been looked at.
        fields: the comparisons for which the incoming students have anything.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, incoming: pa.Table, *, whole: bool = False) -> None:
        """Take the incoming students; `whole` keeps the whole site, as estimating parameters needs."""
        self.connection = connection
        self.students = 0
        self._kept = "true" if whole else "key IN (SELECT site FROM batch_pair)"
        load(connection, "incoming", incoming)
        self.fields = _filled(connection)
        self._places = any(field in self.fields for field in ADDRESS)
        connection.execute(names("incoming"))
        connection.execute(f"""
            CREATE TABLE incoming_base AS SELECT incoming.*, coalesce(alike.names, []) AS given_alike
            FROM ({base("incoming")}) AS incoming LEFT JOIN alike ON alike.name = given_tokens[1]
        """)
        connection.execute("CREATE TABLE pair (incoming BIGINT, site BIGINT)")
        connection.execute("CREATE TABLE site AS FROM incoming LIMIT 0")
        for term in TERMS:
            connection.execute(f"CREATE TABLE term_{term} (value VARCHAR, times BIGINT)")

    def add_site(self, batch: pa.Table) -> None:
        """Look at a batch of the site's students, in `people.SCHEMA`, and keep those who may be an incoming one."""
        self.add_pairs(batch, pairs("batch_base", "batch", places=self._places))

    def add_pairs(self, batch: pa.Table, query: str) -> None:
        """The same with the pairs (`incoming`, `site`) of a query, over the tables `batch` and `incoming`."""
        self.connection.register("batch", batch)
        run = self.connection.execute
        run(names("batch"))
        run(f"CREATE OR REPLACE TABLE batch_base AS {base('batch')}")
        run(f"CREATE OR REPLACE TABLE batch_pair AS {query}")
        run("INSERT INTO pair FROM batch_pair")
        run(f"INSERT INTO site FROM batch WHERE {self._kept}")
        for term in TERMS:
            run(f"INSERT INTO term_{term} SELECT {term}_name, count(*) FROM batch GROUP BY 1")
        self.connection.unregister("batch")
        self.students += batch.num_rows

    def possible(self) -> list[int]:
        """The keys of those of the site whom a rule brought to an incoming student."""
        return [row[0] for row in self.connection.execute("SELECT key FROM site ORDER BY key").fetchall()]

    def add_guardians(self, found: pa.Table) -> None:
        """Give those of the site their guardians, where the batches did not have them."""
        self.connection.register("found", found)
        self.connection.execute("UPDATE site SET guardians = found.guardians FROM found WHERE found.key = site.key")
        self.connection.unregister("found")

    def fold(self) -> None:
        """Make the tables that Splink compares, when the whole site has been looked at."""
        run = self.connection.execute
        run(f"CREATE OR REPLACE TABLE {INCOMING} AS {full('incoming', INCOMING)}")
        run(f"CREATE OR REPLACE TABLE {SITE} AS {full('site', SITE)}")
        for term in TERMS:
            run(f"""
                CREATE OR REPLACE TABLE frequency_{term} AS
                SELECT flat(tokens) AS {term}, sum(times) / sum(sum(times)) OVER () AS tf_{term}
                FROM term_{term} JOIN name ON name.name = value WHERE len(tokens) > 0 GROUP BY 1
            """)
        run(f"""
            CREATE OR REPLACE TABLE blocked AS
            SELECT '0' AS match_key, '{INCOMING}-__-' || incoming AS join_key_l, '{SITE}-__-' || site AS join_key_r
            FROM pair
        """)


def _filled(connection: duckdb.DuckDBPyConnection) -> tuple[Comparison, ...]:
    """The comparisons whose column is not empty on the side of the incoming students."""
    every = (*STUDENT, *ADDRESS)
    counts = ", ".join(f"count(nullif({field.needs}, ''))" for field in every)
    found = connection.execute(f"SELECT {counts} FROM incoming").fetchone() or ()
    return tuple(field for field, count in zip(every, found, strict=True) if count)
