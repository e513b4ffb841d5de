"""Rows that speak of a student who was merged into another: they count for the one who stayed.

Rewritten in staging, before anything is compared, so that matching, leaving and enrollments need to know nothing of it.
A roster that has only one of the two sourcedIds, or both, brings back no second student.
"""

from psycopg import sql

from rostering.intake.context import Intake, run, scalar
from rostering.intake.upsert import make
from rostering.oneroster.words import compose, roster

ALIASES = r"""
SELECT a.sourced_id::text AS alias, regexp_replace(i.sourced_id, '^left:\d+:', '') AS sourced_id
FROM {aliases} AS a JOIN {identity} AS i ON i.student_id = a.student_id
"""
GONE = 'DELETE FROM {raw} AS s USING {aliases} AS a WHERE s."sourcedId" = a.alias AND {leaving}'
"""That a duplicate is deleted at the source must not remove the student who stayed."""
RANKED = """
SELECT s.row_no, s."sourcedId" AS said, coalesce(a.sourced_id, s."sourcedId") AS sourced_id,
       row_number() OVER w AS nth, first_value(s."sourcedId") OVER w AS best
FROM {raw} AS s LEFT JOIN {aliases} AS a ON a.alias = s."sourcedId"
WHERE coalesce(a.sourced_id, s."sourcedId") IN (SELECT sourced_id FROM {aliases})
WINDOW w AS (PARTITION BY coalesce(a.sourced_id, s."sourcedId") ORDER BY {leaving}, a.alias IS NOT NULL, s.row_no)
"""
AGENTS = """
UPDATE {raw} AS s SET "agentSourcedIds" = u.agents FROM (
    SELECT r.sourced_id, string_agg(DISTINCT btrim(agent.id), ',') AS agents
    FROM {ranked} AS r JOIN {raw} AS s USING (row_no)
    CROSS JOIN LATERAL string_to_table(s."agentSourcedIds", ',') AS agent (id) GROUP BY 1
) AS u JOIN {ranked} AS r ON r.sourced_id = u.sourced_id AND r.nth = 1 WHERE s.row_no = r.row_no
"""
"""Who stays keeps the guardians that either row names."""
DROP = "DELETE FROM {raw} AS s USING {ranked} AS r WHERE r.row_no = s.row_no AND r.nth > 1 AND r.said <> r.best"
RENAME = "UPDATE {raw} AS s SET {column} = a.sourced_id FROM {aliases} AS a WHERE s.{column} = a.alias"
NAMED = """
UPDATE {raw} AS s SET "agentSourcedIds" = (
    SELECT string_agg(coalesce(a.sourced_id, btrim(agent.id)), ',' ORDER BY agent.n)
    FROM string_to_table(s."agentSourcedIds", ',') WITH ORDINALITY AS agent (id, n)
    LEFT JOIN {aliases} AS a ON a.alias = btrim(agent.id)
) WHERE string_to_array(replace(s."agentSourcedIds", ' ', ''), ',') && ARRAY(SELECT alias FROM {aliases})
"""
TWICE = """
DELETE FROM {raw} AS s USING {aliases} AS a WHERE s."userSourcedId" = a.alias AND NOT {leaving} AND EXISTS (
    SELECT FROM {raw} AS o LEFT JOIN {aliases} AS b ON b.alias = o."userSourcedId"
    WHERE coalesce(b.sourced_id, o."userSourcedId") = a.sourced_id AND o."classSourcedId" = s."classSourcedId"
      AND NOT {others} AND (b.alias IS NULL OR o.row_no < s.row_no)
)
"""
"""Both are enrolled in one class: the one who stays is, once."""


def follow_aliases(intake: Intake) -> None:
    """Let staged rows of merged students speak of the one who stayed; without merges, nothing is done."""
    table = roster("studentalias")
    if not scalar(compose("SELECT EXISTS (SELECT FROM {t})", t=table)):
        return
    aliases = make("aliases", compose(ALIASES, aliases=table, identity=roster("studentidentity")))
    dropped = sum(_one_row_each(intake, file, aliases) for file in ("users", "demographics"))
    if intake.has("users"):
        run(compose(NAMED, raw=intake.files["users"].raw, aliases=aliases))
    if intake.has("roles"):
        _rename(intake, "roles", "userSourcedId", aliases)
    if intake.has("enrollments"):
        parts = {"leaving": intake.leaving("enrollments"), "others": intake.leaving("enrollments", "o")}
        _drop(intake, "enrollments", compose(TWICE, raw=intake.files["enrollments"].raw, aliases=aliases, **parts))
        _rename(intake, "enrollments", "userSourcedId", aliases)
    intake.found.warn("match.merged_student", "users.csv", "sourcedId", dropped)


def _one_row_each(intake: Intake, file: str, aliases: sql.Identifier) -> int:
    """Leave one row for each student of users.csv or demographics.csv; returns how many were dropped."""
    if not intake.has(file):
        return 0
    parts = {"raw": intake.files[file].raw, "aliases": aliases, "leaving": intake.leaving(file)}
    dropped = _drop(intake, file, compose(GONE, **parts))
    ranked = make("ranked", compose(RANKED, **parts))
    if file == "users":
        run(compose(AGENTS, raw=intake.files[file].raw, ranked=ranked))
    dropped += _drop(intake, file, compose(DROP, raw=intake.files[file].raw, ranked=ranked))
    _rename(intake, file, "sourcedId", aliases)
    return dropped


def _drop(intake: Intake, file: str, statement: sql.Composed) -> int:
    dropped = run(statement)
    intake.files[file].rows -= dropped
    return dropped


def _rename(intake: Intake, file: str, column: str, aliases: sql.Identifier) -> None:
    run(compose(RENAME, raw=intake.files[file].raw, aliases=aliases, column=sql.Identifier(column)))
