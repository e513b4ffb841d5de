"""Educators with their roles, and guardians with their children. Both are few: no shortcuts."""

from psycopg import sql

from rostering.intake.context import Intake, run
from rostering.intake.structure import tally
from rostering.intake.upsert import Written, leave, make, write
from rostering.oneroster.words import compose, name, roster, staged

PERSONS = {
    "educator": ("staff_number", "given_name", "middle_name", "family_name", "username", "email", "source_hash"),
    "guardian": ("given_name", "family_name", "email", "phone", "source_hash"),
}
NEXT = """
SELECT coalesce(i.{key}, nextval({sequence})) AS person_id, i.{key} IS NULL AS is_new, p.sourced_id, p.relation,
       p.number AS staff_number, p.given_name, p.middle_name, p.family_name, p.username, p.email,
       left(p.phone, 60) AS phone, p.hash AS source_hash
FROM {people} AS p LEFT JOIN {identity} AS i ON i.sourced_id = p.sourced_id WHERE {is_kind} AND NOT p.leaving
"""
RETURN = """
UPDATE {person} AS t SET status = 'active'{more} FROM {next} AS n WHERE t.id = n.person_id AND t.status <> 'active'
"""
UPDATE = """
UPDATE {identity} AS t SET ({columns}) = ROW({new}) FROM {next} AS n
WHERE t.{key} = n.person_id AND ({old}) IS DISTINCT FROM ({new})
"""
INSERT = "INSERT INTO {person} (id, status) SELECT person_id, 'active' FROM {next} WHERE is_new"
INSERT_IDENTITY = """
INSERT INTO {identity} ({key}, sourced_id, {columns}) SELECT n.person_id, n.sourced_id, {new} FROM {next} AS n
WHERE n.is_new
"""
NEW_ROLES = """
SELECT s."sourcedId" AS sourced_id, i.educator_id, school.id AS school_id, {role} AS role,
       {kind} = 'primary' AS is_primary, NOT {leaving} AS is_active, s.row_hash AS source_hash
FROM {roles} AS s JOIN {identity} AS i ON i.sourced_id = s."userSourcedId"
LEFT JOIN {schools} AS school ON school.sourced_id = s."orgSourcedId"
WHERE {role} NOT IN ('student', 'guardian', 'parent', 'relative')
"""
OLD_ROLES = """
SELECT DISTINCT ON (1) s."sourcedId" || '/' || btrim(org.id) AS sourced_id, i.educator_id, school.id AS school_id,
       {role} AS role, org.n = 1 AS is_primary, NOT {leaving} AS is_active, s.row_hash AS source_hash
FROM {users} AS s JOIN {identity} AS i ON i.sourced_id = s."sourcedId"
CROSS JOIN LATERAL string_to_table(s."orgSourcedIds", ',') WITH ORDINALITY AS org (id, n)
LEFT JOIN {schools} AS school ON school.sourced_id = btrim(org.id)
WHERE {role} NOT IN ('student', 'guardian', 'parent', 'relative') ORDER BY 1, org.n
"""
ROLE_COLUMNS = ("educator_id", "school_id", "role", "is_primary", "is_active", "source_hash")
LINKS = """
SELECT DISTINCT ON (student_id, guardian_id) * FROM (
    SELECT c.student_id, g.guardian_id FROM {users} AS s JOIN {students} AS c ON c.sourced_id = s."sourcedId"
    CROSS JOIN LATERAL string_to_table(s."agentSourcedIds", ',') AS agent (id)
    JOIN {guardians} AS g ON g.sourced_id = btrim(agent.id) WHERE s."agentSourcedIds" IS NOT NULL
    UNION ALL
    SELECT c.student_id, g.guardian_id FROM {users} AS s JOIN {guardians} AS g ON g.sourced_id = s."sourcedId"
    CROSS JOIN LATERAL string_to_table(s."agentSourcedIds", ',') AS agent (id)
    JOIN {students} AS c ON c.sourced_id = btrim(agent.id) WHERE s."agentSourcedIds" IS NOT NULL
) AS l
"""
UNLINK = """
DELETE FROM {links} AS l USING {changed} AS n WHERE n.student_id = l.student_id
AND NOT EXISTS (SELECT FROM {next} AS k WHERE k.student_id = l.student_id AND k.guardian_id = l.guardian_id)
"""
LINK = """
INSERT INTO {links} (student_id, guardian_id, relation)
SELECT n.student_id, n.guardian_id,
       coalesce(g.relation, (SELECT max(k.relation) FROM {links} AS k WHERE k.guardian_id = n.guardian_id), '')
FROM {next} AS n LEFT JOIN {guardians} AS g ON g.person_id = n.guardian_id
WHERE NOT EXISTS (SELECT FROM {links} AS l WHERE l.student_id = n.student_id AND l.guardian_id = n.guardian_id)
"""


def write_adults(intake: Intake) -> None:
    """Create and update educators and guardians from `roster_people`."""
    for kind, columns in PERSONS.items():
        sequence = sql.Literal(roster(f"{kind}_id_seq").as_string())
        key, identity = sql.Identifier(f"{kind}_id"), roster(f"{kind}identity")
        source = compose(
            NEXT,
            key=key,
            sequence=sequence,
            people=staged("people"),
            identity=identity,
            is_kind=name(f"is_{kind}", "p"),
        )
        parts = {
            "next": make(f"next_{kind}", source),
            "person": roster(kind),
            "identity": identity,
            "key": key,
            "columns": _listed(columns),
            "new": _listed(columns, "n"),
            "old": _listed(columns, "t"),
            "more": sql.SQL(", left_on = NULL" if kind == "educator" else ""),
        }
        returned, updated = run(compose(RETURN, **parts)), run(compose(UPDATE, **parts))
        created = run(compose(INSERT, **parts))
        run(compose(INSERT_IDENTITY, **parts))
        intake.counts[kind]["created"] += created
        intake.counts[kind]["updated"] += max(returned, updated)


def write_roles(intake: Intake) -> None:
    """Educators' roles at schools: roles.csv, or in 1.1 one per org of the user."""
    new = intake.version == "1.2"
    file = "roles" if new else "users"
    if not intake.has(file):
        return
    parts = {
        "role": intake.value(file, "role"),
        "leaving": intake.leaving(file),
        "identity": roster("educatoridentity"),
        "schools": roster("school"),
        file: intake.files[file].table,
    }
    if new:
        parts["kind"] = intake.value(file, "roleType")
    source = make("next_role", compose(NEW_ROLES if new else OLD_ROLES, **parts))
    written = write("educatorrole", source, ROLE_COLUMNS)
    left = leave("educatorrole", source) if intake.is_whole(file) else 0
    tally(intake.counts["educatorrole"], written.created, Written(written.created, written.updated, left))


def link_guardians(intake: Intake) -> None:
    """Whose guardian is who: a student's row names guardians, or a guardian's row students.

    A guardian whom a changed student's row no longer names is no longer linked: links are not records of their own.
    """
    parts = {
        "users": intake.files["users"].table,
        "students": roster("studentidentity"),
        "guardians": roster("guardianidentity"),
    }
    source = make("next_link", compose(LINKS, **parts))
    links = roster("studentguardian")
    if intake.is_whole("users"):
        run(compose(UNLINK, links=links, changed=staged("next_student"), next=source))
    intake.counts["studentguardian"]["created"] += run(
        compose(LINK, links=links, next=source, guardians=staged("next_guardian"))
    )


def _listed(columns: tuple[str, ...], alias: str = "") -> sql.Composable:
    return sql.SQL(", ").join(name(column, alias) for column in columns)
