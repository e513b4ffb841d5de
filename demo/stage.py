"""Setting the stage: an empty database, three districts with their people and their data."""

import csv
import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from accounts.models import Role, User
from demo.cast import PASSWORD, Part, Year
from products.models import Subscription
from products.registry import suite_named
from rostering.models import Educator, School, Student
from tenants.models import Csm, District
from tenants.schema import enter_district
from tenants.services import provision_district

CSM_EMAIL = "morgan@yearturn.example"


def empty_database() -> None:
    """Drop what an earlier demo left, and create and migrate a new database."""
    database = connection.settings_dict
    with psycopg.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as maintenance:
        name = sql.Identifier(database["NAME"])
        maintenance.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(name))
    for folder in (settings.MEDIA_ROOT, settings.DROP_ROOT, settings.LEDGER_DIR):
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)
    call_command("migrate_schemas", shared=True, verbosity=0)


def hire_csm() -> Csm:
    """The customer success manager whose book the three districts are, and a superuser."""
    User.objects.create_user(CSM_EMAIL, PASSWORD, name="Morgan Reyes", role=Role.CSM)
    User.objects.create_user("root@yearturn.example", PASSWORD, name="Robin Root", role=Role.SUPERUSER)
    return Csm.objects.create(name="Morgan Reyes", email=CSM_EMAIL)


def found_district(part: Part, year: Year, csm: Csm, bundle: Path | None, scale: float) -> District:
    """Provision a district with its subscriptions, roster and product data; returns it.

    `scale` multiplies the number of students; a bundle of one's own replaces the generated roster.
    """
    summer = year.on(*part.summer_session_ends) if part.summer_session_ends else None
    district = provision_district(
        slug=part.slug,
        name=part.name,
        nces_id=part.nces_id,
        time_zone=part.time_zone,
        school_year=year.school_year,
        school_year_ends_on=year.ends_on,
        summer_session_ends_on=summer,
        rostering_starts_on=year.rostering_starts_on,
        csm=csm,
    )
    Subscription.objects.bulk_create(
        Subscription(district=district, product=product.code, starts_on=year.starts_on)
        for suite in part.suites
        for product in suite_named(suite).products
    )
    call_command(
        "generate_district",
        slug=part.slug,
        students=max(60, round(part.students * scale)),
        seed=part.seed,
        suites=",".join(part.suites),
        school_year=year.school_year,
        roster=str(bundle) if bundle else None,
        verbosity=0,
    )
    return district


def invite_people(district: District) -> list[tuple[str, str]]:
    """Give a district its log-ins; returns (who, e-mail) of each."""
    suffix = f"{district.slug}.example"
    with enter_district(district):
        school = School.objects.filter(students__status="active").order_by("id").first()
        educator = Educator.objects.filter(assignments__is_active=True).order_by("id").first()
        people = [
            (
                "district admin",
                User.objects.create_user(f"admin@{suffix}", PASSWORD, name="Dana Admin", role=Role.DISTRICT_ADMIN),
            ),
            (
                "school admin",
                User.objects.create_user(
                    f"school@{suffix}",
                    PASSWORD,
                    name="Sam School",
                    role=Role.SCHOOL_ADMIN,
                    school_id=school.pk if school else None,
                ),
            ),
            (
                "educator",
                User.objects.create_user(
                    f"teacher@{suffix}",
                    PASSWORD,
                    name="Toni Teacher",
                    role=Role.EDUCATOR,
                    educator_id=educator.pk if educator else None,
                ),
            ),
        ]
    return [(who, user.email) for who, user in people]


def school_year_of_bundle(bundle: Path) -> Year:
    """The school year that a bundle's own sessions tell.

    Raises:
        ValueError: the bundle has no session of type schoolYear.
    """
    with zipfile.ZipFile(bundle) as archive, archive.open("academicSessions.csv") as member:
        for row in csv.DictReader(io.TextIOWrapper(member, "utf-8-sig")):
            if row.get("type", "").lower() == "schoolyear":
                starts_on, ends_on = (dt.date.fromisoformat(row[name]) for name in ("startDate", "endDate"))
                return Year(ends_on.year, starts_on, ends_on)
    raise ValueError(f"{bundle} has no academic session of type schoolYear")


def size_of(district: District) -> str:
    """How big a district is, in words."""
    with enter_district(district):
        schools, students = School.objects.count(), Student.objects.count()
    return f"{schools:,} schools, {students:,} students"
