"""SQL that the three kinds of users share: students, educators, guardians. Somebody may be of more than one kind."""

from api.oneroster.resource import word
from api.oneroster.resources.orgs import TOP
from rostering.oneroster.specs_roster import ROLES

OLD_NAMES = {"administrator": "siteAdministrator"}
"""Roles of 1.1 that 1.2 calls otherwise."""
STUDENT_ROLES = f"""SELECT 0 AS n, 'primary' AS kind, 'student' AS role, coalesce(o.sourced_id, {TOP}) AS org
FROM {{studentidentity}} AS x JOIN {{student}} AS y ON y.id = x.student_id
LEFT JOIN {{school}} AS o ON o.id = y.school_id WHERE x.sourced_id = i.sourced_id"""
EDUCATOR_ROLES = f"""SELECT 1, CASE WHEN r.is_primary THEN 'primary' ELSE 'secondary' END,
{word("r.role", ROLES, OLD_NAMES)}, coalesce(o.sourced_id, {TOP})
FROM {{educatoridentity}} AS x JOIN {{educator}} AS y ON y.id = x.educator_id
JOIN {{educatorrole}} AS r ON r.educator_id = y.id AND (r.is_active OR y.status <> 'active')
LEFT JOIN {{school}} AS o ON o.id = r.school_id WHERE x.sourced_id = i.sourced_id"""
GUARDIAN_ROLES = f"""SELECT DISTINCT 2, 'primary',
coalesce((SELECT max(k.relation) FROM {{studentguardian}} AS k
          WHERE k.guardian_id = x.guardian_id AND k.relation IN ('guardian', 'parent', 'relative')), 'guardian'),
coalesce(o.sourced_id, {TOP})
FROM {{guardianidentity}} AS x LEFT JOIN {{studentguardian}} AS l ON l.guardian_id = x.guardian_id
LEFT JOIN {{student}} AS y ON y.id = l.student_id
LEFT JOIN {{school}} AS o ON o.id = y.school_id WHERE x.sourced_id = i.sourced_id"""
ALL_ROLES = f"{STUDENT_ROLES} UNION ALL {EDUCATOR_ROLES} UNION ALL {GUARDIAN_ROLES}"

ROLES_SQL = f"""(SELECT coalesce(
    json_agg(json_build_array(r.kind, r.role, r.org) ORDER BY r.kind, r.n, r.role, r.org),
    json_build_array(json_build_array('primary', 'ext:staff', {TOP}))) FROM ({ALL_ROLES}) AS r)"""
"""Every role as [roleType, role, org]. Who has none any more is staff of the district: a user must have one."""
ROLE_NAMES = f"ARRAY(SELECT r.role FROM ({ALL_ROLES}) AS r)"
ROLE_TYPES = f"ARRAY(SELECT r.kind FROM ({ALL_ROLES}) AS r)"
ROLE_ORGS = f"ARRAY(SELECT r.org FROM ({ALL_ROLES}) AS r)"
AGENTS = """ARRAY(
SELECT g.sourced_id FROM {studentidentity} AS x JOIN {studentguardian} AS l ON l.student_id = x.student_id
JOIN {guardianidentity} AS g ON g.guardian_id = l.guardian_id WHERE x.sourced_id = i.sourced_id
UNION SELECT c.sourced_id FROM {guardianidentity} AS x JOIN {studentguardian} AS l ON l.guardian_id = x.guardian_id
JOIN {studentidentity} AS c ON c.student_id = l.student_id
WHERE x.sourced_id = i.sourced_id AND NOT starts_with(c.sourced_id, 'left:') ORDER BY 1)"""
"""A student's guardians, and a guardian's students."""
PRIMARY_ORG = f"""(SELECT r.org FROM ({ALL_ROLES}) AS r ORDER BY r.kind, r.n, r.org LIMIT 1)"""

STUDENTS = """
SELECT i.sourced_id, i.given_name, i.middle_name, i.family_name, i.preferred_name, i.username, i.email, '' AS phone,
       i.student_number AS number, i.state_id, s.grade, s.status = 'active' AS is_active,
       greatest(i.modified_at, s.modified_at) AS modified_at, s.id AS student_id, s.school_id,
       NULL::bigint AS educator_id, NULL::bigint AS guardian_id, 'student' AS role
FROM {studentidentity} AS i LEFT JOIN {student} AS s ON s.id = i.student_id
WHERE NOT starts_with(i.sourced_id, 'left:')"""
EDUCATORS = """
SELECT i.sourced_id, i.given_name, i.middle_name, i.family_name, '' AS preferred_name, i.username, i.email,
       '' AS phone, i.staff_number AS number, '' AS state_id, '' AS grade,
       e.status = 'active' OR EXISTS (SELECT FROM {guardianidentity} AS x JOIN {guardian} AS y ON y.id = x.guardian_id
                                      WHERE x.sourced_id = i.sourced_id AND y.status = 'active') AS is_active,
       greatest(i.modified_at, e.modified_at, (SELECT max(r.modified_at) FROM {educatorrole} AS r
                                               WHERE r.educator_id = i.educator_id)) AS modified_at,
       NULL::bigint AS student_id, NULL::bigint AS school_id, i.educator_id, NULL::bigint AS guardian_id,
       'educator' AS role
FROM {educatoridentity} AS i LEFT JOIN {educator} AS e ON e.id = i.educator_id"""
GUARDIANS = """
SELECT i.sourced_id, i.given_name, '' AS middle_name, i.family_name, '' AS preferred_name, '' AS username, i.email,
       i.phone, '' AS number, '' AS state_id, '' AS grade, g.status = 'active' AS is_active,
       greatest(i.modified_at, g.modified_at, (SELECT max(l.modified_at) FROM {studentguardian} AS l
                                               WHERE l.guardian_id = i.guardian_id)) AS modified_at,
       NULL::bigint AS student_id, NULL::bigint AS school_id, NULL::bigint AS educator_id, i.guardian_id,
       'guardian' AS role
FROM {guardianidentity} AS i LEFT JOIN {guardian} AS g ON g.id = i.guardian_id"""
NOT_STUDENT = """NOT EXISTS (SELECT FROM {studentidentity} AS x WHERE x.sourced_id = i.sourced_id)"""
NOT_EDUCATOR = """NOT EXISTS (SELECT FROM {educatoridentity} AS x WHERE x.sourced_id = i.sourced_id)"""
EVERYBODY = f"""
{STUDENTS}
UNION ALL {EDUCATORS} WHERE {NOT_STUDENT}
UNION ALL {GUARDIANS} WHERE {NOT_STUDENT} AND {NOT_EDUCATOR}"""
"""Each user once: whoever is of two kinds is read as the first of them."""
