"""Users, as far as they are new or changed: what kind of person each row is, and what the roster keeps of it."""

from psycopg import sql

from rostering.intake.context import Intake, scalar
from rostering.intake.upsert import make
from rostering.oneroster.meanings import grade
from rostering.oneroster.specs_roster import GUARDIAN_ROLES
from rostering.oneroster.words import compose, roster, staged, words

SCHOOLS = """
SELECT "sourcedId" AS sourced_id FROM {orgs} AS s WHERE {kind} = 'school'
"""
ROLES = """
SELECT r."userSourcedId" AS sourced_id, bool_or(r.word = 'student') AS is_student,
       bool_or(r.word IN {guardians}) AS is_guardian,
       bool_or(r.word <> 'student' AND r.word NOT IN {guardians}) AS is_educator,
       coalesce(min(r.word) FILTER (WHERE r.word IN {guardians}), '') AS relation,
       (array_agg(r."orgSourcedId" ORDER BY r.kind, r."sourcedId")
        FILTER (WHERE r.word = 'student' AND r."orgSourcedId" IN (SELECT sourced_id FROM {schools})))[1] AS org,
       md5(string_agg(r.row_hash::text, '' ORDER BY r."sourcedId")) AS hash
FROM (SELECT *, {word} AS word, {kind} AS kind FROM {roles} AS s WHERE NOT {leaving}) AS r
GROUP BY r."userSourcedId"
"""
PEOPLE = """
SELECT s.row_no, s."sourcedId" AS sourced_id, {hash} AS hash, {leaving} AS leaving, {kinds}, {columns}
FROM {users} AS s {more} LEFT JOIN ({known}) AS k ON k.source_hash = {hash} AND NOT {leaving}
WHERE k.source_hash IS NULL
"""
KNOWN = """
SELECT i.source_hash FROM {identity} AS i JOIN {person} AS p ON p.id = i.{key} WHERE p.status = 'active' AND {current}
"""
OLD_KINDS = """
{role} = 'student' AS is_student, {role} IN {guardians} AS is_guardian,
{role} <> 'student' AND {role} NOT IN {guardians} AND {role} <> '' AS is_educator,
CASE WHEN {role} IN {guardians} THEN {role} ELSE '' END AS relation,
CASE WHEN position(',' IN s."orgSourcedIds") = 0 THEN s."orgSourcedIds" ELSE
     (SELECT btrim(o) FROM string_to_table(s."orgSourcedIds", ',') WITH ORDINALITY AS org (o, n)
      WHERE btrim(o) IN (SELECT sourced_id FROM {schools}) ORDER BY n LIMIT 1) END AS org
"""
NEW_KINDS = """
coalesce(r.is_student, {guess} AND EXISTS (SELECT FROM {student} AS i WHERE i.sourced_id = s."sourcedId"))
    AS is_student,
coalesce(r.is_guardian, {guess} AND EXISTS (SELECT FROM {guardian} AS i WHERE i.sourced_id = s."sourcedId"))
    AS is_guardian,
coalesce(r.is_educator, {guess} AND EXISTS (SELECT FROM {educator} AS i WHERE i.sourced_id = s."sourcedId"))
    AS is_educator,
coalesce(r.relation, '') AS relation,
CASE WHEN s."primaryOrgSourcedId" IN (SELECT sourced_id FROM {schools}) THEN s."primaryOrgSourcedId" ELSE r.org END
    AS org
"""
NO_ROLES = """
(SELECT ''::text AS sourced_id, true AS is_student, true AS is_guardian, true AS is_educator, '' AS relation,
        ''::text AS org, '' AS hash WHERE false)
"""
COLUMNS = {
    "given_name": "givenName",
    "middle_name": "middleName",
    "family_name": "familyName",
    "username": "username",
    "email": "email",
    "phone": "phone",
}
NUMBER = r"""
CASE WHEN s."identifier" IS NOT NULL THEN s."identifier" WHEN s."userIds" IS NULL THEN ''
     ELSE coalesce((regexp_match(s."userIds", '\{{[^:{{}}]*(?:student|local|sis)[^:{{}}]*:([^{{}}]+)\}}', 'i'))[1], '')
END AS number, CASE WHEN s."userIds" IS NULL THEN ''
     ELSE coalesce((regexp_match(s."userIds", '\{{[^:{{}}]*(?:state|sasid)[^:{{}}]*:([^{{}}]+)\}}', 'i'))[1], '')
END AS state_id, s."userIds" AS user_ids, s."agentSourcedIds" AS agents
"""


def prepare_people(intake: Intake) -> None:
    """Make `roster_people`: the rows of users.csv that are not in the roster exactly so."""
    _make_schools(intake)
    new = intake.version == "1.2"
    if new and intake.has("roles"):
        _make_roles(intake)
    make("people", _query(intake, with_roles=new and intake.has("roles")))
    if new:
        _note_without_role(intake)


def _make_schools(intake: Intake) -> None:
    """The orgs that are schools: the bundle's, and the roster's unless the bundle has them all."""
    parts = [compose("SELECT sourced_id FROM {t}", t=roster("school"))] if not intake.is_whole("orgs") else []
    if intake.has("orgs"):
        parts.append(compose(SCHOOLS, orgs=intake.files["orgs"].table, kind=intake.value("orgs", "type")))
    make("schools", sql.SQL(" UNION ").join(parts))


def _make_roles(intake: Intake) -> None:
    make(
        "roles_by_user",
        compose(
            ROLES,
            guardians=words(GUARDIAN_ROLES),
            schools=staged("schools"),
            word=intake.value("roles", "role"),
            kind=intake.value("roles", "roleType"),
            roles=intake.files["roles"].table,
            leaving=intake.leaving("roles"),
        ),
    )


def _known(intake: Intake) -> sql.Composable:
    """SQL for the hashes of everybody who is on the roster now; of students, in this school year."""
    current = compose("p.school_year >= {year}", year=sql.Literal(intake.school_year))
    return sql.SQL(" UNION ALL ").join(
        compose(
            KNOWN,
            identity=roster(f"{kind}identity"),
            person=roster(kind),
            key=sql.Identifier(f"{kind}_id"),
            current=current if kind == "student" else sql.SQL("true"),
        )
        for kind in ("student", "educator", "guardian")
    )


def _query(intake: Intake, *, with_roles: bool) -> sql.Composed:
    leaving = intake.leaving("users")
    row_hash = compose("md5(s.row_hash::text || coalesce(r.hash, ''))::uuid") if with_roles else sql.SQL("s.row_hash")
    roles = staged("roles_by_user") if with_roles else compose(NO_ROLES)
    more = compose('LEFT JOIN {r} AS r ON r.sourced_id = s."sourcedId"', r=roles)
    return compose(
        PEOPLE,
        hash=row_hash,
        leaving=leaving,
        kinds=_kinds(intake),
        columns=_columns(intake),
        users=intake.files["users"].table,
        more=more if intake.version == "1.2" else sql.SQL(""),
        known=_known(intake),
    )


def _kinds(intake: Intake) -> sql.Composed:
    if intake.version != "1.2":
        role = intake.value("users", "role")
        return compose(OLD_KINDS, role=role, guardians=words(GUARDIAN_ROLES), schools=staged("schools"))
    guess = sql.SQL("false" if intake.is_whole("roles") else "true")
    return compose(
        NEW_KINDS,
        guess=guess,
        schools=staged("schools"),
        student=roster("studentidentity"),
        guardian=roster("guardianidentity"),
        educator=roster("educatoridentity"),
    )


def _columns(intake: Intake) -> sql.Composable:
    """What the roster keeps of a user; a preferred name only where the version has one."""
    preferred = "coalesce(s.\"preferredGivenName\", '')" if intake.version == "1.2" else "''"
    return sql.SQL(", ").join(
        (
            intake.values("users", COLUMNS),
            compose(NUMBER),
            compose("{g} AS grade", g=grade(compose("split_part(s.\"grades\", ',', 1)"))),
            compose(f"{preferred} AS preferred_name"),
        )
    )


def _note_without_role(intake: Intake) -> None:
    nobody = "SELECT count(*) FROM {p} WHERE NOT (leaving OR is_student OR is_educator OR is_guardian)"
    intake.found.warn("reference.no_role", "users.csv", "", scalar(compose(nobody, p=staged("people"))))
