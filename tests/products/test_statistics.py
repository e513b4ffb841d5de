"""What names somebody is never copied into the database's statistics, where it would outlive its row."""

from typing import Any

from django.db import connection
from psycopg import sql

from products.partitions import ensure_partitions
from products.partitions.statistics import hide_personal_values, personal_columns
from rostering.models import School, Section

SENTINEL = "Quixotic-Zephyr-2619"

TARGETS = """
SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid LEFT JOIN pg_class AS p ON p.oid = i.inhparent
WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') AND coalesce(a.attstattarget, -1) <> 0
  AND (coalesce(p.relname, c.relname)::text, a.attname::text) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""


def sampled(schema: str) -> list[tuple[str, str]]:
    tables, columns = zip(*personal_columns(), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(TARGETS, [schema, list(tables), list(columns)])
        return list(cursor.fetchall())


def test_a_new_district_samples_nothing_personal(entered: Any) -> None:
    assert {table for table, _ in personal_columns()} >= {
        "rostering_studentidentity",
        "hero_trackingevent",
        "hero_trackingeventarchive",
        "literacy_portfolioartifact",
    }
    assert sampled(entered.schema_name) == []


def test_nor_does_a_new_partition_or_a_column_that_was_sampled_again(entered: Any) -> None:
    schema = entered.schema_name
    assert ensure_partitions(schema, [2031])
    assert sampled(schema) == []
    with connection.cursor() as cursor:
        table = sql.Identifier(schema, "hero_trackingevent_2031")
        cursor.execute(sql.SQL("ALTER TABLE {} ALTER COLUMN note SET STATISTICS 100").format(table))
    assert hide_personal_values(schema) == 1
    assert hide_personal_values(schema) == 0


def test_analyze_learns_no_name(entered: Any) -> None:
    school = School.objects.create(sourced_id="s", name="School")
    for number in range(20):
        Section.objects.create(sourced_id=str(number), title=SENTINEL, school=school, school_year=2026)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(entered.schema_name, "rostering_section")))
        cursor.execute(
            "SELECT attname, most_common_vals::text || coalesce(histogram_bounds::text, '') FROM pg_stats"
            " WHERE schemaname = %s AND tablename = 'rostering_section'",
            [entered.schema_name],
        )
        learned = dict(cursor.fetchall())
    assert "school_id" in learned
    assert not any(SENTINEL in (values or "") for values in learned.values())
