"""A large district with facts of every suite, as nights have loaded them: by day, each school's rows everywhere."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, connections
from psycopg import sql

from benchmarks.database import connect, database_exists, found_district, new_database
from benchmarks.filling import fill_partition
from benchmarks.large_people import YEAR, Roster, fill_roster
from products.partitions import ensure_partitions
from products.partitions.make import ensure_archived
from tenants.models import District
from tenants.schema import enter_district

SLUG = "large"
SCHOOL_OF = 625
"""Students of a school."""
LITERACY = "(ARRAY['language_literacy', 'espanol', 'reading'])[1 + (student % 20 > 12)::int + (student % 20 > 16)::int]"
LANGUAGE = "'language_literacy'"
MATH = "(ARRAY['math_prek2', 'math_3plus', 'math_facts'])[1 + CASE WHEN n % 10 = 0 THEN 2 ELSE student % 2 END]"
STAR = "(ARRAY['star_reading', 'star_math', 'star_early_lit'])[1 + n % 3]"


@dataclass(frozen=True)
class Filling:
    """How a year of a fact table is filled.

    Attributes:
        share: of the district's facts, in per cent.
        product: an expression over the row's number `n` and its `student`.
        columns: those beside the facts' common ones.
        values: their expressions over `n`.
        years_ago: 0 for this year's.
        twin: the archive twin in which it lies.
    """

    table: str
    share: int
    product: str
    columns: str
    values: str
    years_ago: int = 0
    twin: str = ""


USAGE = "minutes, sessions", "n % 90, 1 + n % 5"
PROGRESS = "lesson, passed, attempts", "'L-' || n % 400, n % 4 > 0, 1 + n % 3"
BENCHMARK = '"window", score, level', "(ARRAY['BOY', 'MOY', 'EOY'])[1 + n % 3], 200 + n % 700, 'On grade'"
FILLINGS = (
    Filling("literacy_usage", 20, LITERACY, *USAGE),
    Filling("literacy_usage", 6, LITERACY, *USAGE, years_ago=1, twin="literacy_usagearchive"),
    Filling("literacy_progress", 14, LITERACY, *PROGRESS),
    Filling("literacy_progress", 5, LITERACY, *PROGRESS, years_ago=1),
    Filling("literacy_benchmark", 4, LANGUAGE, *BENCHMARK),
    Filling("literacy_benchmark", 1, LANGUAGE, *BENCHMARK, years_ago=1, twin="literacy_benchmarkarchive"),
    Filling("literacy_actionarea", 3, LANGUAGE, "skill, lessons_failed", "'Skill ' || n % 80, n % 6"),
    Filling("literacy_groupmember", 1, LITERACY, "group_id", "md5('group' || n % 1000)::uuid"),
    Filling("literacy_placement", 1, LANGUAGE, "score, level", "300 + n % 400, 'On level'"),
    Filling("literacy_portfolioartifact", 1, LANGUAGE, "kind, title, file", "'recording', 'Recording ' || n, ''"),
    Filling("math_usage", 8, MATH, *USAGE),
    Filling("math_progress", 8, MATH, *PROGRESS),
    Filling("math_assessment", 3, MATH, "kind, score", "CASE WHEN n % 3 > 0 THEN 'quiz' ELSE 'benchmark' END, n % 100"),
    Filling("math_pathway", 3, MATH, "pathway, position, completed", "'Pathway ' || n % 9, n % 20, n % 3 > 0"),
    Filling("hero_trackingevent", 6, "'hero'", "code, action, note", "'Code ' || n % 12, '', ''"),
    Filling("hero_points", 6, "'hero'", "points, reason", "n % 20 - 5, 'Kind'"),
    Filling(
        "renaissance_starassessment", 3, STAR, "language, scaled_score, percentile, benchmark_category",
        "'en', 300 + n % 900, n % 100, (ARRAY['Intervention', 'On Watch', 'At/Above Benchmark'])[1 + n % 3]",
    ),
    Filling(
        "renaissance_cbmassessment", 1, "'star_cbm'", "measure, language, correct_per_minute",
        "'Measure ' || n % 5, 'en', n % 120",
    ),
    Filling(
        "renaissance_quiz", 4, "'accelerated_reader'", "quiz_number, title, percent_correct, points_earned",
        "n % 9000, 'Book ' || n % 9000, n % 101, n % 60 / 2.0",
    ),
    Filling("renaissance_mastery", 2, STAR, "skill, level", "'Skill ' || n % 60, n % 101"),
)  # fmt: skip
SMALL_TABLES = """
INSERT INTO hero_pointsbalance (student_id, school_id, balance)
SELECT id, school_id, id % 300 FROM rostering_student;
INSERT INTO literacy_playlist (id, product, school_id, title)
SELECT n, 'language_literacy', 1 + n % {schools}, 'Playlist ' || n FROM generate_series(1, 500) AS n;
INSERT INTO literacy_playlistassignment (playlist_id, student_id, assigned_on)
SELECT 1 + id % 500, id, '2025-10-01' FROM rostering_student WHERE id % 4 = 0;
"""
INSERT = """
INSERT INTO {partition} (id, school_year, school_id, product, student_id, occurred_on, {columns})
SELECT md5({seed} || n)::uuid, {year}, 1 + (student + (n % 40 = 0)::int) % {schools}, {product}, student,
       make_date({year} - 1, 8, 18) + (n::bigint * 290 / {rows})::int, {values}
FROM (SELECT n, (hashint4(n)::bigint + 2147483648) % {students} AS student FROM generate_series(1, {rows}) AS n) AS t
"""
"""One row in forty was recorded at another school: some students moved."""


def large_database(own: str, facts: int, students: int) -> str:
    """The database with one district, SLUG, of so many students and about so many facts of two years.

    Args:
        own: the run's own database, which the name begins with.
    """
    name = f"{own}_large_{facts}_of_{students}"
    if not database_exists(name):
        _make_database(name, facts, students)
    connections.close_all()
    return name


def the_district() -> District:
    """The district of the database that is in use."""
    return District.objects.get(slug=SLUG)


def _make_database(name: str, facts: int, students: int) -> None:
    roster = Roster(students, max(2, students // SCHOOL_OF))
    new_database(name)
    district = found_district(SLUG)
    schema = district.schema_name
    with enter_district(district), connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        fill_roster(roster)
        cursor.execute(SMALL_TABLES.format(schools=roster.schools))
        for filling in FILLINGS:
            year = YEAR - filling.years_ago
            if filling.twin:
                ensure_archived(schema, [filling.table], [year])
            else:
                ensure_partitions(schema, [year], tables=[filling.table])
            insert = _inserting(filling, year, facts * filling.share // 100, roster)
            fill_partition(schema, filling.table, year, insert, parent=filling.twin)
    connection.close()
    with connect(name) as session:
        session.execute("VACUUM (FREEZE, ANALYZE)")


def _inserting(filling: Filling, year: int, rows: int, roster: Roster) -> Callable[[sql.Identifier], sql.Composed]:
    def insert(partition: sql.Identifier) -> sql.Composed:
        return sql.SQL(INSERT).format(
            partition=partition,
            columns=sql.SQL(filling.columns),
            values=sql.SQL(filling.values),
            product=sql.SQL(filling.product),
            seed=sql.Literal(f"{filling.table}{year}"),
            year=sql.Literal(year),
            rows=sql.Literal(rows),
            students=sql.Literal(roster.students),
            schools=sql.Literal(roster.schools),
        )

    return insert
