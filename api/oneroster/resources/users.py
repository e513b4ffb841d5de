"""Users, and the students and teachers among them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.oneroster.fields import Field, Hrefs, Kind
from api.oneroster.resource import Resource, base
from api.oneroster.resources.people import (
    AGENTS,
    EDUCATORS,
    EVERYBODY,
    PRIMARY_ORG,
    ROLE_NAMES,
    ROLE_ORGS,
    ROLE_TYPES,
    ROLES_SQL,
    STUDENTS,
)

OLD_ROLES: Mapping[str, str] = {
    "counselor": "aide",
    "districtAdministrator": "administrator",
    "principal": "administrator",
    "siteAdministrator": "administrator",
    "systemAdministrator": "administrator",
    "ext:staff": "aide",
}
"""What 1.1, whose list is shorter and closed, calls the roles of 1.2."""
KNOWN_OLD = ("administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher")
USER_IDS = """(SELECT json_agg(json_build_object('type', k.kind, 'identifier', k.value) ORDER BY k.kind)
FROM (VALUES ('local', i.number), ('state', i.state_id)) AS k (kind, value) WHERE k.value <> '')"""

IN_CLASS = """i.student_id IN (SELECT e.student_id FROM {enrollment} AS e JOIN {section} AS c ON c.id = e.section_id
WHERE c.sourced_id = %s)"""
TEACHES = """i.educator_id IN (SELECT t.educator_id FROM {teachingassignment} AS t
JOIN {section} AS c ON c.id = t.section_id WHERE c.sourced_id = %s AND t.role = 'teacher')"""
AT = "SELECT r.educator_id FROM {educatorrole} AS r JOIN {school} AS o ON o.id = r.school_id"
TEACHING_AT = "SELECT t.educator_id FROM {teachingassignment} AS t JOIN {section} AS c ON c.id = t.section_id"
OF_SCHOOL = f"""i.school_id = %s OR i.educator_id IN (
{AT} WHERE o.id = %s UNION ALL {TEACHING_AT} WHERE c.school_id = %s)
OR i.guardian_id IN (SELECT l.guardian_id FROM {{studentguardian}} AS l JOIN {{student}} AS y ON y.id = l.student_id
WHERE y.school_id = %s)"""


def _roles(value: list[list[str]], hrefs: Hrefs) -> list[dict[str, Any]]:
    return [
        {"roleType": kind, "role": role, "org": hrefs.ref("orgs", "org", org)}
        for kind, role, org in dict.fromkeys(tuple(one) for one in value)
    ]


def old_user(record: dict[str, Any]) -> dict[str, Any]:
    """A user as 1.1 writes it: one role, and the orgs in a list of their own."""
    roles = record.pop("roles")
    first = OLD_ROLES.get(roles[0]["role"], roles[0]["role"])
    orgs = {role["org"]["sourcedId"]: role["org"] for role in roles}
    for name in ("preferredFirstName", "primaryOrg"):
        record.pop(name, None)
    record.setdefault("username", "")
    return {**record, "role": first if first in KNOWN_OLD else "aide", "orgs": list(orgs.values())}


USERS = Resource(
    plural="users",
    single="user",
    relation=f"({EVERYBODY}) AS i",
    key="i.sourced_id",
    fields=(
        *base("i.modified_at", "i.is_active", "i.sourced_id"),
        Field("username", "i.username"),
        Field("userIds", USER_IDS, Kind.DATA),
        Field("enabledUser", "i.is_active", Kind.FLAG),
        Field("givenName", "i.given_name", needed=True),
        Field("familyName", "i.family_name", needed=True),
        Field("middleName", "i.middle_name"),
        Field("preferredFirstName", "i.preferred_name"),
        Field("roles", ROLES_SQL, Kind.DATA, shape=_roles),
        Field("roles.role", ROLE_NAMES, Kind.ANY, hidden=True, aliases=("role",)),
        Field("roles.roleType", ROLE_TYPES, Kind.ANY, hidden=True),
        Field("roles.org", ROLE_ORGS, Kind.ANY, hidden=True, aliases=("roles.org.sourcedId", "orgs", "orgs.sourcedId")),
        Field("primaryOrg", PRIMARY_ORG, Kind.REF, to="org"),
        Field("identifier", "i.number"),
        Field("email", "i.email"),
        Field("phone", "i.phone"),
        Field("agents", AGENTS, Kind.REFS, to="user"),
        Field("grades", "CASE WHEN i.grade <> '' THEN ARRAY[i.grade::text] ELSE ARRAY[]::text[] END", Kind.LIST),
    ),
    school=OF_SCHOOL,
    old=old_user,
)
STUDENTS_ONLY = replace(
    USERS,
    relation=f"({STUDENTS}) AS i",
    school="i.school_id = %s",
    by={
        "school": "i.school_id = (SELECT w.id FROM {school} AS w WHERE w.sourced_id = %s)",
        "class": IN_CLASS,
    },
)
TEACHERS = replace(
    USERS,
    relation=f"({EDUCATORS}) AS i",
    where="i.educator_id IN (SELECT r.educator_id FROM {educatorrole} AS r WHERE r.role = 'teacher')"
    " OR i.educator_id IN (SELECT t.educator_id FROM {teachingassignment} AS t WHERE t.role = 'teacher')",
    school=f"i.educator_id IN ({AT} WHERE o.id = %s UNION ALL {TEACHING_AT} WHERE c.school_id = %s)",
    by={
        "school": f"i.educator_id IN ({AT} WHERE o.sourced_id = %s UNION ALL {TEACHING_AT}"
        " JOIN {school} AS o ON o.id = c.school_id WHERE o.sourced_id = %s)",
        "class": TEACHES,
    },
)
