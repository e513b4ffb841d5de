"""How a suite says what data its generator makes: declared, and made by PostgreSQL from the roster that is there.

`products/<suite>/generator.py` has `FACTS`, a tuple of `FactFill`, and `ONCE`, a tuple of statements that fill the
other tables. In both, `{schema}`, `{year}`, `{starts_on}`, `{ends_on}`, `{school_days}` and `{seed}` are filled in.
In a FactFill `l` is a student in a year (`student_id`, `school_id`, `school_year`, `uid`, and `grade`, of which 0 is
pre-kindergarten and 13 grade 12), and `n` counts its rows. `d(7)` throws die 7 for the row, `y(7)` for the student and
year, `t(7)` for the student for good: numbers in [0, 1). `ALSO` names tables that `AFTER`, more statements, fills for
the same years.
"""

import enum
import re
from dataclasses import dataclass

from psycopg import sql

DIE = re.compile(r"\b([dty])\((\d+)\)")
THROWN_FOR = {"d": "l.school_year * 1000 + n", "y": "l.school_year * 1000", "t": "0"}


class Earlier(enum.Enum):
    """What there is of school years before the current one."""

    NONE = "nothing"
    LIVE = "live, as the product keeps it"
    LIVE_LONG = "live, with some of 2017 and 2018"
    ARCHIVED = "in the archive twin, as earlier resets left it"


@dataclass(frozen=True)
class FactFill:
    """Rows of a fact table.

    Attributes:
        table: the live table.
        product: an expression for the product's code.
        how_many: an expression for the number of rows of a student and year.
        values: an expression for each further column.
        day: an expression for the day; a school day by default.
        whom: a condition on students.
        earlier: which years there are.
    """

    table: str
    product: str
    how_many: str
    values: dict[str, str]
    day: str = "{school_days}[1 + floor(d(1) * {school_day_count})::int]"
    whom: str = "true"
    earlier: Earlier = Earlier.NONE

    def query(self, partition: sql.Identifier, settings: dict[str, sql.Composable]) -> sql.Composed:
        """The statement that fills a year's partition."""
        columns = sql.SQL(", ").join(map(sql.Identifier, self.values))
        rows = worded(
            f"""
            SELECT l.school_year,
                   pg_temp.event_id(concat_ws('/', {{seed}}, '{self.table}', l.uid, l.school_year, n), day),
                   l.school_id, {self.product}, l.student_id, day, {", ".join(self.values.values())}
            FROM (
                SELECT l.*, n, {self.day} AS day
                FROM pg_temp.learner AS l CROSS JOIN LATERAL generate_series(1, ({self.how_many})::int) AS n
                WHERE l.school_year = {{year}} AND ({self.whom})
            ) AS l
            """,  # noqa: S608 - the parts are the suites' own constants
            settings,
        )
        return sql.SQL("INSERT INTO {} (school_year, id, school_id, product, student_id, occurred_on, {}) {}").format(
            partition, columns, rows
        )


def worded(statement: str, settings: dict[str, sql.Composable]) -> sql.Composed:
    """A statement with the dice written out and the settings filled in."""

    def die(match: re.Match[str]) -> str:
        return f"pg_temp.dice({{seed}} + {match[2]}, l.who, {THROWN_FOR[match[1]]})"

    return sql.SQL(DIE.sub(die, statement)).format(**settings)


def long_tail(die: int, mean: float, most: int) -> str:
    """An expression for a count of which most students have few and a few have many."""
    return f"least({most}, floor(-ln(1 - t({die})) * {mean} * (0.6 + 0.8 * y({die + 1}))))"


def one_of(die: int, *words: str) -> str:
    """An expression for one of some words."""
    array = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"(ARRAY[{array}])[1 + floor(d({die}) * {len(words)})::int]"
