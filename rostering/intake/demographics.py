"""Birth dates go to the identity, what statistics need goes to the demographics."""

from psycopg import sql

from rostering.intake.bulkload import bulk_loading
from rostering.intake.context import Intake, run
from rostering.intake.upsert import make
from rostering.oneroster.specs_roster import RACES
from rostering.oneroster.words import compose, roster, staged

WORK = """
SELECT s.* FROM {t} AS s
LEFT JOIN ({identity} AS i JOIN {demographics} AS d ON d.student_id = i.student_id) ON i.sourced_id = s."sourcedId"
WHERE d.source_hash IS DISTINCT FROM s.row_hash
"""
NEXT = """
SELECT i.student_id, {birth} AS birth_date, {sex} AS sex, concat_ws(',', {races}) AS race,
       {hispanic} AS hispanic_or_latino, s.row_hash AS source_hash
FROM {work} AS s JOIN {identity} AS i ON i.sourced_id = s."sourcedId" WHERE NOT {leaving}
"""
UPDATE_BIRTH = """
UPDATE {identity} AS i SET birth_date = n.birth_date FROM {next} AS n
WHERE i.student_id = n.student_id AND n.birth_date IS NOT NULL AND i.birth_date IS DISTINCT FROM n.birth_date
"""
UPDATE = """
UPDATE {demographics} AS d SET (sex, race, hispanic_or_latino, source_hash) =
    ROW(n.sex, n.race, n.hispanic_or_latino, n.source_hash)
FROM {next} AS n WHERE d.student_id = n.student_id AND (d.sex, d.race, d.hispanic_or_latino, d.source_hash)
    IS DISTINCT FROM (n.sex, n.race, n.hispanic_or_latino, n.source_hash)
"""
INSERT = """
INSERT INTO {demographics} (student_id, sex, race, hispanic_or_latino, source_hash)
SELECT student_id, sex, race, hispanic_or_latino, source_hash FROM {next} AS n
WHERE NOT EXISTS (SELECT FROM {demographics} AS d WHERE d.student_id = n.student_id)
"""


def changed_demographics(intake: Intake) -> sql.Identifier:
    """The staged rows that the roster does not have exactly so."""
    return make("work_demographics", compose(WORK, t=intake.files["demographics"].table, **_tables()))


def write_demographics(intake: Intake) -> None:
    """Write the demographics of students; those of other users are read and checked only."""
    if not intake.has("demographics"):
        return
    races = sql.SQL(", ").join(
        compose("CASE WHEN {v} THEN {r} END", v=intake.value("demographics", race), r=sql.Literal(_short(race)))
        for race in RACES
    )
    parts = {
        "birth": intake.value("demographics", "birthDate"),
        "sex": intake.value("demographics", "sex"),
        "hispanic": intake.value("demographics", "hispanicOrLatinoEthnicity"),
        "leaving": intake.leaving("demographics"),
        "races": races,
        "work": staged("work_demographics"),
        **_tables(),
    }
    parts["next"] = make("next_demographics", compose(NEXT, **parts))
    run(compose(UPDATE_BIRTH, **parts))
    counts = intake.counts["studentdemographics"]
    read = intake.files["demographics"].rows
    counts["read"] += read
    counts["updated"] += run(compose(UPDATE, **parts))
    with bulk_loading(roster("studentdemographics")):
        counts["created"] += run(compose(INSERT, **parts))
    counts["unchanged"] += read - counts["created"] - counts["updated"]


def _tables() -> dict[str, sql.Composable]:
    return {"identity": roster("studentidentity"), "demographics": roster("studentdemographics")}


def _short(race: str) -> str:
    """The column of race holds 60 characters: all six flags fit by these names."""
    return {
        "americanIndianOrAlaskaNative": "native",
        "blackOrAfricanAmerican": "black",
        "nativeHawaiianOrOtherPacificIslander": "pacific",
        "demographicRaceTwoOrMoreRaces": "two_or_more",
    }.get(race, race)
