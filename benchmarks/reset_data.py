"""A district with any number of literacy facts, made inside PostgreSQL, as a database that is copied for each round."""

from dataclasses import dataclass
from functools import partial

from django.db import connection, connections
from psycopg import sql

from benchmarks.database import connect, database_exists, found_district, new_database
from benchmarks.filling import fill_partition
from tenants.models import District
from tenants.schema import enter_district

SLUG = "reset"
YEAR = 2026
SCHOOLS = 50
STUDENTS = 20_000
GROUPS = 1_000
PLAYLISTS = 500


@dataclass(frozen=True)
class Filling:
    """How a fact table is filled.

    Attributes:
        share: of the district's facts, in per cent.
        columns: those beside the facts' common ones.
        values: their expressions over the row's number `n`.
    """

    table: str
    share: int
    columns: str
    values: str


FILLINGS = (
    Filling("literacy_usage", 45, "minutes, sessions", "n % 90, 1 + n % 5"),
    Filling("literacy_progress", 35, "lesson, passed, attempts", "'L-' || n % 400, n % 4 > 0, 1 + n % 3"),
    Filling("literacy_benchmark", 10, '"window", score, level', "'EOY', 200 + n % 700, 'On grade'"),
    Filling("literacy_actionarea", 5, "skill, lessons_failed", "'Skill ' || n % 80, n % 6"),
    Filling("literacy_groupmember", 3, "group_id", f"md5('group' || n % {GROUPS})::uuid"),
    Filling("literacy_placement", 1, "score, level", "300 + n % 400, 'On grade'"),
    Filling("literacy_portfolioartifact", 1, "kind, title, file", "'recording', 'Recording ' || n, ''"),
)

PEOPLE = """
INSERT INTO rostering_school (id, sourced_id, name, number, parent_sourced_id, is_active)
SELECT n, 'school-' || n, 'School ' || n, n, '', true FROM generate_series(1, {schools}) AS n;
INSERT INTO rostering_student (id, school_id, grade, status, school_year, rostered_on)
SELECT n, 1 + n % {schools}, '03', 'active', {year}, '2025-08-15' FROM generate_series(1, {students}) AS n;
INSERT INTO rostering_studentidentity (student_id, sourced_id, student_number, state_id, given_name, middle_name,
                                       family_name, preferred_name, username, email)
SELECT n, md5('student' || n), n, '', 'Given' || n % 5000, '', 'Family' || n % 20000, '', 'user' || n, ''
FROM generate_series(1, {students}) AS n;
"""

SMALL_TABLES = """
INSERT INTO literacy_organization (school_id, product, since)
SELECT n, 'language_literacy', '2024-08-01' FROM generate_series(1, {schools}) AS n;
INSERT INTO literacy_studentaccount (student_id, product, created_on)
SELECT n, 'language_literacy', '2025-08-15' FROM generate_series(1, {students}) AS n;
INSERT INTO literacy_reward (student_id, product, booster_bits, museum_level)
SELECT n, product, n % 50, n % 7
FROM generate_series(1, {students}) AS n, unnest(ARRAY['language_literacy', 'espanol']) AS product;
INSERT INTO literacy_avatar (id, student_id, product, appearance)
SELECT n, n, 'language_literacy', 'fox' FROM generate_series(1, {students}) AS n;
INSERT INTO literacy_avataraccessory (avatar_id, item)
SELECT n, 'hat ' || nth FROM generate_series(1, {students}) AS n, generate_series(1, 3) AS nth;
INSERT INTO literacy_playlist (id, product, school_id, title)
SELECT n, 'language_literacy', 1 + n % {schools}, 'Playlist ' || n FROM generate_series(1, {playlists}) AS n;
INSERT INTO literacy_playlistactivity (playlist_id, position, activity)
SELECT n, nth, 'Activity ' || nth FROM generate_series(1, {playlists}) AS n, generate_series(1, 5) AS nth;
INSERT INTO literacy_playlistassignment (playlist_id, student_id, assigned_on)
SELECT 1 + n % {playlists}, n, '2025-10-01' FROM generate_series(1, {students}) AS n;
INSERT INTO literacy_group_{year} (id, school_year, school_id, product, name)
SELECT md5('group' || n)::uuid, {year}, 1 + n % {schools}, 'language_literacy', 'Group ' || n
FROM generate_series(0, {groups} - 1) AS n;
"""


def reset_database(own: str, facts: int, students: int = STUDENTS) -> str:
    """The database with one district, SLUG, that holds so many facts of the school year, ready to be copied.

    Made once in a run, because that takes longer than what is measured with it; the next run drops it.

    Args:
        own: the run's own database, which the name begins with.
        facts: how many, whatever the table.
        students: how many students they are of.
    """
    name = f"{own}_facts_{facts}" + (f"_of_{students}" if students != STUDENTS else "")
    if not database_exists(name):
        _make_database(name, facts, students)
    connections.close_all()
    return name


def _make_database(name: str, facts: int, students: int) -> None:
    sizes = {"students": students, "schools": SCHOOLS, "playlists": PLAYLISTS, "groups": GROUPS, "year": YEAR}
    new_database(name)
    district = found_district(SLUG)
    with enter_district(district), connection.cursor() as cursor:
        cursor.execute(PEOPLE.format(**sizes))
        cursor.execute(SMALL_TABLES.format(**sizes))
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for filling in FILLINGS:
            insert = partial(_insert, filling=filling, rows=facts * filling.share // 100, students=students)
            fill_partition(district.schema_name, filling.table, YEAR, insert)
    connection.close()
    with connect(name) as session:
        session.execute("VACUUM (FREEZE, ANALYZE)")


def the_district() -> District:
    """The district of a copy that is in use."""
    return District.objects.get(slug=SLUG)


def _insert(partition: sql.Identifier, filling: Filling, rows: int, students: int) -> sql.Composed:
    numbered = sql.SQL(
        "SELECT n, 1 + (hashint4(n)::bigint + 2147483648) % {students} AS student FROM generate_series(1, {rows}) AS n"
    ).format(students=sql.Literal(students), rows=sql.Literal(rows))
    return sql.SQL(
        "INSERT INTO {partition} (id, school_year, school_id, product, student_id, occurred_on, {columns})"
        " SELECT md5({table} || n)::uuid, {year}, 1 + student % {schools}, 'language_literacy', student,"
        " date '2025-08-15' + n % 280, {values} FROM ({numbered}) AS numbered"
    ).format(
        partition=partition,
        columns=sql.SQL(filling.columns),
        table=sql.Literal(filling.table),
        year=sql.Literal(YEAR),
        schools=sql.Literal(SCHOOLS),
        values=sql.SQL(filling.values),
        numbered=numbered,
    )
