"""Which known student a row speaks of: by sourced_id, else by Student ID ("the system will match any previously
enrolled students by their Student IDs", literacy source), and nobody whose time to return has passed."""

from psycopg import sql

from rostering.intake.context import Intake, run, scalar
from rostering.intake.returning import expired
from rostering.intake.upsert import make
from rostering.oneroster.checks import fetched
from rostering.oneroster.words import compose, roster, staged

FIRST = """
SELECT p.sourced_id, p.row_no, nextval({sequence})::bigint AS student_id, true AS is_new, false AS by_number,
       NULL::bigint AS surrendered
FROM {people} AS p WHERE p.is_student AND NOT p.leaving
"""
BY_SOURCE = """
SELECT p.sourced_id, p.row_no, CASE WHEN NOT {expired} THEN i.student_id END AS student_id, false AS by_number,
       CASE WHEN {expired} THEN i.student_id END AS surrendered
FROM {people} AS p LEFT JOIN {identity} AS i ON i.sourced_id = p.sourced_id
LEFT JOIN {student} AS s ON s.id = i.student_id WHERE p.is_student AND NOT p.leaving
"""
NUMBERS = """
SELECT m.sourced_id, p.number FROM {match} AS m JOIN {people} AS p ON p.row_no = m.row_no
WHERE m.student_id IS NULL AND p.number <> ''
UNION
SELECT m.sourced_id, btrim(item[1]) FROM {match} AS m JOIN {people} AS p ON p.row_no = m.row_no
CROSS JOIN LATERAL regexp_matches(p.user_ids, '\\{{[^:{{}}]*:([^{{}}]+)\\}}', 'g') AS item
WHERE m.student_id IS NULL AND p.user_ids IS NOT NULL
"""
CLAIMS = """
SELECT n.sourced_id, i.student_id, count(*) OVER (PARTITION BY i.student_id) AS claimed_by,
       count(*) OVER (PARTITION BY n.sourced_id) AS fits
FROM (SELECT DISTINCT n.sourced_id, i.student_id FROM {numbers} AS n JOIN {identity} AS i
      ON i.student_number = n.number) AS n
JOIN {identity} AS i USING (student_id) JOIN {student} AS s ON s.id = i.student_id
WHERE s.status <> 'anonymized' AND NOT {expired}
  AND NOT EXISTS (SELECT FROM {users} AS u WHERE u."sourcedId" = i.sourced_id)
"""
MATCH = """
UPDATE {match} AS m SET student_id = c.student_id, by_number = true FROM {claims} AS c
WHERE c.sourced_id = m.sourced_id AND c.claimed_by = 1 AND c.fits = 1
"""
KEYS = """
SELECT sourced_id, row_no, coalesce(student_id, nextval({sequence})) AS student_id, student_id IS NULL AS is_new,
       by_number, surrendered
FROM {match}
"""
REUSED = """
SELECT p.row_no, NULL::text FROM {keys} AS k JOIN {people} AS p ON p.row_no = k.row_no
JOIN {identity} AS i ON i.student_id = k.student_id JOIN {births} AS d ON d.sourced_id = k.sourced_id
WHERE NOT k.is_new AND (lower(i.given_name), lower(i.family_name)) <> (lower(p.given_name), lower(p.family_name))
  AND i.birth_date <> d.birth_date ORDER BY 1
"""
LOST_ZEROS = """
SELECT p.row_no, NULL::text FROM {keys} AS k JOIN {people} AS p ON p.row_no = k.row_no
JOIN {identity} AS i ON i.{stored} LIKE '0%' AND ltrim(i.{stored}, '0') = p.{given} AND p.{given} <> i.{stored}
WHERE k.is_new AND p.{given} ~ '^[1-9][0-9]*$'
  AND NOT EXISTS (SELECT FROM {users} AS u WHERE u."sourcedId" = i.sourced_id) ORDER BY 1
"""


def match_students(intake: Intake) -> None:
    """Make `roster_keys`: for each new or changed student's row the student that it speaks of, or a new one's key.

    Identifiers that were reused for another child are errors; see `reuse`.
    """
    people, sequence = staged("people"), sql.Literal(f"{roster('student_id_seq').as_string()}")
    if not scalar(compose("SELECT EXISTS (SELECT FROM {t})", t=roster("studentidentity"))):
        make("keys", compose(FIRST, people=people, sequence=sequence))
    else:
        _match_known(intake, people)
        make("keys", compose(KEYS, match=staged("match"), sequence=sequence))
        _check_matches(intake)


def _match_known(intake: Intake, people: sql.Identifier) -> None:
    parts = {
        "people": people,
        "identity": roster("studentidentity"),
        "student": roster("student"),
        "expired": expired(intake),
        "users": intake.files["users"].table,
    }
    match = make("match", compose(BY_SOURCE, **parts))
    numbers = make("numbers", compose(NUMBERS, match=match, people=people))
    claims = make("claims", compose(CLAIMS, numbers=numbers, **parts))
    doubtful = scalar(compose("SELECT count(DISTINCT sourced_id) FROM {c} WHERE claimed_by > 1 OR fits > 1", c=claims))
    intake.found.warn("match.student_id_not_unique", "users.csv", "identifier", doubtful)
    run(compose(MATCH, match=match, claims=claims))


def _check_matches(intake: Intake) -> None:
    parts = {"keys": staged("keys"), "people": staged("people"), "identity": roster("studentidentity")}
    if intake.has("demographics"):
        reused = compose(REUSED, births=births(intake), **parts)
        intake.found.add_many("match.identifier_reused", "users.csv", "sourcedId", fetched(reused))
    for stored, given, column in (
        ("sourced_id", "sourced_id", "sourcedId"),
        ("student_number", "number", "identifier"),
    ):
        query = compose(
            LOST_ZEROS,
            stored=sql.Identifier(stored),
            given=sql.Identifier(given),
            users=intake.files["users"].table,
            **parts,
        )
        intake.found.add_many("row.leading_zeros_lost", "users.csv", column, fetched(query))


def births(intake: Intake) -> sql.Composed:
    """SQL for a table of the birth dates that the bundle gives: sourced_id, birth_date."""
    if not intake.has("demographics"):
        return compose("(SELECT ''::text AS sourced_id, NULL::date AS birth_date WHERE false)")
    file = intake.files["demographics"]
    return compose(
        '(SELECT s."sourcedId" AS sourced_id, {b} AS birth_date FROM {t} AS s)',
        b=intake.value("demographics", "birthDate"),
        t=file.table,
    )
