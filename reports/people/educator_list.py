"""The list of educators: where they work, when they last signed in, filtered, searched, one page by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from accounts.searching import patterns
from reports.people.educator_rows import EducatorRow, educator_rows
from rostering.models import EducatorRole
from tenants.schema import district_table

PAGE = 25
NAMES = ("family_name", "given_name")
FIRST = """
SELECT e.id FROM {educator} AS e JOIN {identity} AS i ON i.educator_id = e.id
WHERE {where} ORDER BY i.family_name, i.given_name, i.educator_id LIMIT {limit}
"""
AT_SCHOOL = """
e.id IN (SELECT r.educator_id FROM {role} AS r WHERE r.school_id = %(school)s AND r.is_active UNION ALL
         SELECT t.educator_id FROM {assignment} AS t JOIN {section} AS c ON c.id = t.section_id
         WHERE c.school_id = %(school)s AND t.is_active)
"""
AS_ROLE = "e.id IN (SELECT r.educator_id FROM {role} AS r WHERE r.role = %(role)s AND r.is_active)"
ACCOUNT = """
(e.id IN (SELECT u.educator_id FROM {user} AS u WHERE u.educator_id IS NOT NULL AND {which})
 OR lower(i.email) IN (SELECT u.email FROM {user} AS u WHERE {which}))
"""
SIGNED_IN = "u.last_login IS NOT NULL"


@dataclass(frozen=True)
class EducatorFilters:
    """What of the educators is asked for.

    Attributes:
        signed_in: yes, never (an account that nobody has used), none (no account), or empty for all.
    """

    status: str = "active"
    school: int | None = None
    role: str = ""
    signed_in: str = ""
    term: str = ""


@dataclass(frozen=True)
class EducatorPage:
    """One page; `after` is the key from which the next one goes on, None on the last."""

    educators: list[EducatorRow]
    after: int | None


def educator_page(
    filters: EducatorFilters, schools: Mapping[int, str], *, own_school: int | None, after: int | None = None
) -> EducatorPage:
    """The educators who fit, by name. A constant number of queries.

    Args:
        filters: what is asked for.
        schools: the names of all of the district.
        own_school: only educators of this school; None for all.
        after: the key of the last educator of the page before.
    """
    where, values = _conditions(filters, own_school)
    if after is not None:
        values["after"] = after
        where.append(
            sql.SQL(
                "(i.family_name, i.given_name, i.educator_id) >"
                " (SELECT x.family_name, x.given_name, x.educator_id FROM {} AS x WHERE x.educator_id = %(after)s)"
            ).format(district_table("rostering_educatoridentity"))
        )
    query = sql.SQL(FIRST).format(**_tables(), where=sql.SQL(" AND ").join(where), limit=sql.Literal(PAGE + 1))
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        keys = [int(row[0]) for row in cursor.fetchall()]
    return EducatorPage(educator_rows(keys[:PAGE], schools), keys[PAGE - 1] if len(keys) > PAGE else None)


def roles_there_are() -> list[str]:
    """The roles that educators have now."""
    roles = EducatorRole.objects.filter(is_active=True).order_by("role").values_list("role", flat=True)
    return list(roles.distinct())


def _tables() -> dict[str, sql.Identifier]:
    roster = ("educator", "educatoridentity", "educatorrole", "teachingassignment", "section")
    short = ("educator", "identity", "role", "assignment", "section")
    tables = {name: district_table(f"rostering_{table}") for name, table in zip(short, roster, strict=True)}
    return {**tables, "user": district_table("accounts_user")}


def _conditions(filters: EducatorFilters, own_school: int | None) -> tuple[list[sql.Composable], dict[str, Any]]:
    values: dict[str, Any] = {"status": filters.status, "role": filters.role}
    where: list[sql.Composable] = [sql.SQL("e.status = %(status)s")]
    school = own_school if own_school is not None else filters.school
    if school is not None:
        values["school"] = school
        where.append(sql.SQL(AT_SCHOOL).format(**_tables()))
    if filters.role:
        where.append(sql.SQL(AS_ROLE).format(**_tables()))
    if filters.signed_in:
        where.append(_signed_in(filters.signed_in))
    for number, pattern in enumerate(patterns(filters.term)):
        values[f"part{number}"] = pattern
        part = sql.Placeholder(f"part{number}")
        likes = [sql.SQL("i.{} ILIKE {}").format(sql.Identifier(name), part) for name in NAMES]
        where.append(sql.SQL("({})").format(sql.SQL(" OR ").join(likes)))
    return where, values


def _signed_in(wanted: str) -> sql.Composable:
    anybody = sql.SQL(ACCOUNT).format(**_tables(), which=sql.SQL("true"))
    signed_in = sql.SQL(ACCOUNT).format(**_tables(), which=sql.SQL(SIGNED_IN))
    if wanted == "yes":
        return signed_in
    if wanted == "never":
        return sql.SQL("({} AND NOT {})").format(anybody, signed_in)
    return sql.SQL("NOT {}").format(anybody)
