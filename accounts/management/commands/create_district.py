"""Make a district, with its first district admin if asked for."""

import datetime as dt
import json
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import Role
from accounts.services import create_district_user
from tenants.errors import DistrictError
from tenants.models import Csm, District
from tenants.schema import enter_district
from tenants.services import district_host, provision_district


class Command(BaseCommand):
    """`manage.py create_district SLUG --name ... --school-year ... --school-year-ends ... --rostering-starts ...`."""

    help = "Make a district: its host, its schema with every table, and its first district admin."

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("slug", help="the host's first label: 3 to 40 lower-case letters, digits and hyphens")
        parser.add_argument("--name", required=True)
        parser.add_argument("--time-zone", default="America/New_York", help="an IANA name (default America/New_York)")
        parser.add_argument("--school-year", type=int, required=True, help="the year in which it ends, such as 2026")
        parser.add_argument("--school-year-ends", type=_date, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--summer-session-ends", type=_date, metavar="YYYY-MM-DD")
        parser.add_argument("--rostering-starts", type=_date, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--nces-id", default="", help="7 digits")
        parser.add_argument("--csm", default="", metavar="E-MAIL", help="whose book it goes into")
        parser.add_argument("--admin-email", default="", help="make the first district admin; shows the password")
        parser.add_argument("--admin-name", default="", help="their name (default: the e-mail address)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it: all of it, or nothing.

        Raises:
            CommandError: something given is wrong; says what and how to mend it.
        """
        csm = _csm(options["csm"])
        email = _checked(options["admin_email"])
        try:
            with transaction.atomic():
                district = _provision(options, csm)
                password = _first_admin(district, email, options["admin_name"]) if email else ""
        except DistrictError as error:
            raise CommandError(str(error)) from None
        self._tell(district, email, password, as_json=options["json"])

    def _tell(self, district: District, email: str, password: str, *, as_json: bool) -> None:
        host = district_host(district.slug)
        if as_json:
            said: dict[str, Any] = {
                "id": district.pk,
                "slug": district.slug,
                "schema": district.schema_name,
                "host": host,
            }
            if email:
                said |= {"admin_email": email, "admin_password": password}
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(f"{district.name} is made: http://{host}/ (schema {district.schema_name})")
        if email:
            self.stdout.write(f"Its district admin logs in as {email} with the password {password}  (shown only now)")


def _provision(options: dict[str, Any], csm: Csm | None) -> District:
    return provision_district(
        slug=options["slug"],
        name=options["name"],
        time_zone=options["time_zone"],
        school_year=options["school_year"],
        school_year_ends_on=options["school_year_ends"],
        summer_session_ends_on=options["summer_session_ends"],
        rostering_starts_on=options["rostering_starts"],
        nces_id=options["nces_id"],
        csm=csm,
        actor="command",
    )


def _first_admin(district: District, email: str, name: str) -> str:
    """Make the district admin; returns the password, which is kept nowhere."""
    password = secrets.token_urlsafe(12)
    with enter_district(district):
        create_district_user(email=email, password=password, name=name or email, role=Role.DISTRICT_ADMIN)
    return password


def _csm(email: str) -> Csm | None:
    if not email:
        return None
    found = Csm.objects.filter(email__iexact=email).first()
    if found is None:
        known = ", ".join(Csm.objects.order_by("email").values_list("email", flat=True)[:10]) or "none yet"
        raise CommandError(f"--csm: no customer success manager has that e-mail address. Known: {known}.")
    return found


def _checked(email: str) -> str:
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise CommandError("--admin-email: that is no e-mail address. Use one such as admin@a.example.") from None
    return email


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
