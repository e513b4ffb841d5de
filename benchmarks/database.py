"""Databases for the benchmarks alone: empty and migrated at the start of a run, and copies of filled ones."""

import datetime as dt
import shutil

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from tenants.models import District
from tenants.services import provision_district


def make_database() -> None:
    """Drop what an earlier run left, create the database and migrate its public schema."""
    name = str(connection.settings_dict["NAME"])
    with connect("postgres") as maintenance:
        found = maintenance.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{name}_"])
        leftovers = [row[0] for row in found.fetchall()]
    for leftover in leftovers:
        drop_database(leftover)
    new_database(name)


def new_database(name: str) -> None:
    """Create an empty database, replacing one of that name, use it, and migrate its public schema."""
    drop_database(name)
    with connect("postgres") as maintenance:
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    use_database(name)
    call_command("migrate_schemas", shared=True, verbosity=0)


def copy_database(source: str, name: str) -> str:
    """Copy a database that nobody uses file by file, replacing one of that name; returns the copy's name."""
    drop_database(name)
    with connect("postgres") as maintenance:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        maintenance.execute(copy.format(sql.Identifier(name), sql.Identifier(source)))
    return name


def database_exists(name: str) -> bool:
    """Whether there is a database of that name."""
    with connect("postgres") as maintenance:
        found = maintenance.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def drop_database(name: str) -> None:
    """Drop a database, whoever is connected; nothing happens where there is none."""
    connections.close_all()
    with connect("postgres") as maintenance:
        maintenance.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    shutil.rmtree(settings.DATA_DIR / "ledger" / name, ignore_errors=True)


def use_database(name: str) -> None:
    """Point Django's connection at a database, in its public schema."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    settings.LEDGER_DIR = settings.DATA_DIR / "ledger" / name


def connect(database: str = "") -> psycopg.Connection:
    """A bare connection beside Django's, in autocommit."""
    place = connection.settings_dict
    return psycopg.connect(
        host=place["HOST"],
        port=place["PORT"] or None,
        user=place["USER"],
        password=place["PASSWORD"],
        dbname=database or place["NAME"],
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
