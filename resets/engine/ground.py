"""Reading what a plan must know of the entered district: partitions, subscriptions and holds. Three queries."""

import datetime as dt

from django.db import connection
from psycopg import sql

from products.datamap import Suite
from products.partitions import years_of
from resets.engine.held import read_held
from resets.engine.plan import Ground
from tenants.schema import current_schema

SUBSCRIPTIONS = "subscriptions"
"""The category in which a suite keeps its schools' subscriptions, if it has them."""


def read_ground(suite: Suite, school_year: int, reset_on: dt.date) -> Ground:
    """The ground of a reset in the entered district."""
    schema = current_schema()
    live, archived = years_of(suite.facts, schema)
    held = read_held(suite, schema, live, archived)
    return Ground(schema, school_year, reset_on, live, archived, subscribed_schools(suite, schema, reset_on), held)


def subscribed_schools(suite: Suite, schema: str, on: dt.date) -> tuple[int, ...] | None:
    """Schools "with active subscriptions at the time of the archiving process" (hero-archiving)."""
    tables = [table for c in suite.categories if c.code == SUBSCRIPTIONS for table in c.tables]
    if not tables:
        return None
    query = sql.SQL(
        "SELECT DISTINCT school_id FROM {} WHERE starts_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s)"
        " ORDER BY school_id"
    ).format(sql.Identifier(schema, tables[0].name))
    with connection.cursor() as cursor:
        cursor.execute(query, {"on": on})
        return tuple(row[0] for row in cursor.fetchall())
