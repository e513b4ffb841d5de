"""A database for the benchmarks alone, empty and migrated at the start of each run."""

import datetime as dt

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from tenants.models import District
from tenants.services import provision_district


def make_database() -> None:
    """Drop what an earlier run left, create the database and migrate its public schema."""
    settings = connection.settings_dict
    connections.close_all()
    with connect("postgres") as maintenance:
        name = sql.Identifier(settings["NAME"])
        maintenance.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(name))
    call_command("migrate_schemas", shared=True, verbosity=0)


def connect(database: str = "") -> psycopg.Connection:
    """A bare connection beside Django's, in autocommit."""
    settings = connection.settings_dict
    return psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=database or settings["NAME"],
        autocommit=True,
    )


def found_district(slug: str) -> District:
    """A district of the school year 2026."""
    return provision_district(
        slug=slug,
        name=slug.replace("-", " ").title(),
        time_zone="America/Chicago",
        school_year=2026,
        school_year_ends_on=dt.date(2026, 6, 10),
        rostering_starts_on=dt.date(2026, 8, 3),
    )
