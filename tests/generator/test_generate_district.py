"""Made-up districts in the database: the strict importer takes the roster; product data looks like a district's."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from products.generator.services import suites_with_generator
from products.models import Subscription
from products.partitions import archived_years, live_years
from products.registry import suites
from rostering.models import Student, Sync
from tenants.models import District
from tenants.schema import enter_district
from tests.products.facts import fetch
from tests.support.hashing import hash_schema

WANTED: dict[str, Any] = {"students": 260, "seed": 7, "years": 3, "verbosity": 0}


def generate(slug: str = "maple", **options: Any) -> None:
    call_command("generate_district", slug=slug, **{**WANTED, **options})


def one(query: str) -> Any:
    return fetch(query)[0][0]


@pytest.fixture
def filled(district: Any) -> Any:
    generate()
    with enter_district(district):
        yield district


def test_every_suite_has_a_generator_and_every_table_gets_rows(filled: Any) -> None:
    assert [suite.code for suite in suites_with_generator()] == [suite.code for suite in suites()]
    for suite in suites():
        for table in suite.tables:
            assert one(f"SELECT count(*) FROM {{schema}}.{table.name}"), table.name
            if table.archive:
                assert one(f"SELECT count(*) FROM {{schema}}.{table.archive_name}"), table.archive_name


def test_the_strict_importer_took_the_roster_whole(filled: Any) -> None:
    sync = Sync.objects.get()
    assert (sync.state, sync.strict, sync.error_count, sync.warnings) == ("applied", True, 0, [])
    assert Student.objects.filter(status="active").count() == 260


def test_history_lies_where_earlier_resets_left_it(filled: Any) -> None:
    assert archived_years("literacy_benchmark") == (2024, 2025)
    assert archived_years("hero_trackingevent") == (2024, 2025)
    assert live_years("literacy_benchmark") == (2026, 2027)
    assert live_years("math_usage") == (2026, 2027)
    assert set(live_years("literacy_progress")) >= {2017, 2018, 2024, 2025, 2026}
    assert set(live_years("renaissance_quiz")) >= {2024, 2025, 2026}
    assert one("SELECT count(*) FROM {schema}.literacy_progress WHERE school_year < 2019")
    assert one("SELECT count(*) FROM {schema}.literacy_portfolioartifact WHERE school_year < 2019")


def test_rows_lie_in_their_year_and_their_students_school(filled: Any) -> None:
    for table in ("literacy_usage", "hero_points", "math_progress", "renaissance_quiz"):
        wrong = one(
            f"SELECT count(*) FROM {{schema}}.{table} WHERE occurred_on NOT BETWEEN make_date(school_year - 1, 8, 1)"
            " AND make_date(school_year, 6, 30)"
        )
        assert wrong == 0, table
        assert not one(
            f"SELECT count(*) FROM {{schema}}.{table} f LEFT JOIN {{schema}}.rostering_student s ON s.id = f.student_id"
            " WHERE s.id IS NULL"
        )
    assert not one(
        "SELECT count(*) FROM {schema}.hero_points f JOIN {schema}.rostering_student s ON s.id = f.student_id"
        " WHERE f.school_year = 2026 AND f.school_id <> s.school_id"
    )
    assert one("SELECT count(DISTINCT occurred_on) FROM {schema}.hero_points") > 100


def test_ids_are_version_7_in_the_order_of_days(filled: Any) -> None:
    assert fetch("SELECT DISTINCT substr(id::text, 15, 1), substr(id::text, 20, 1) FROM {schema}.literacy_usage") == [
        ("7", "a")
    ]
    assert not one(
        "SELECT count(*) FROM (SELECT occurred_on, lag(occurred_on) OVER (ORDER BY id) AS before"
        " FROM {schema}.literacy_usage) AS u WHERE occurred_on < before"
    )


def test_use_has_a_long_tail(filled: Any) -> None:
    middle, most = fetch(
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n), max(n) FROM (SELECT count(p.id) AS n"
        " FROM {schema}.rostering_student s LEFT JOIN {schema}.hero_points p ON p.student_id = s.id GROUP BY s.id) AS c"
    )[0]
    assert most > 4 * max(middle, 1)


def test_about_a_fifth_of_the_hero_schools_have_ended_their_subscription(district: Any) -> None:
    generate(students=4000, suites="hero", years=1)
    with enter_district(district):
        schools = one("SELECT count(*) FROM {schema}.hero_schoolsubscription")
        ended = one("SELECT count(*) FROM {schema}.hero_schoolsubscription WHERE ends_on < '2026-07-01'")
    assert schools >= 6
    assert 0.1 <= ended / schools <= 0.35


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(make_district: Any) -> None:
    tables = ("literacy_usage", "literacy_usagearchive", "literacy_group", "hero_trackingevent", "math_progress")

    keys = "'{student_id,school_id,educator_id,recorded_by_id}'::text[]"
    digest = f"SELECT md5(string_agg((to_jsonb(t) - {keys})::text, '|' ORDER BY t.id)) FROM {{schema}}.%s AS t"

    def rows(slug: str, seed: int) -> list[Any]:
        generate(slug, students=60, suites="literacy,hero,math", seed=seed, years=2)
        with enter_district(District.objects.get(slug=slug)):
            return [one(digest.replace("%s", table)) for table in tables]

    first, again, other = rows("oak", 1), rows("ash", 1), rows("elm", 2)
    assert first == again
    assert all(one != two for one, two in zip(first, other, strict=True))


def test_a_district_that_is_not_there_is_provisioned_with_its_subscriptions(db: None) -> None:
    generate("new-district", students=20, suites="math", years=1, time_zone="America/Denver", school_year=2026)
    district = District.objects.get(slug="new-district")
    assert (district.time_zone, district.school_year, district.name) == (
        "America/Denver", 2026, "New District School District",
    )  # fmt: skip
    assert set(Subscription.objects.values_list("product", flat=True)) == {"math_prek2", "math_3plus", "math_facts"}


def test_next_years_roster_is_imported_over_this_years(filled: Any) -> None:
    before = Student.objects.filter(status="active").count()
    connection.set_schema_to_public()
    generate(next_year=True)
    with enter_district(filled):
        assert Sync.objects.count() == 2
        assert Student.objects.filter(school_year=2027, status="active").count() > 0.7 * before
        assert fetch("SELECT DISTINCT assessment FROM {schema}.literacy_boyassessment WHERE school_year = 2027") == [
            ("placement",)
        ], "who was there before waits for the reset"


def test_another_districts_rows_stay_byte_for_byte(district: Any, other_district: Any) -> None:
    generate("cedar", students=40, suites="hero", years=1)
    before = hash_schema(other_district.schema_name)
    generate("maple", students=40)
    assert hash_schema(other_district.schema_name) == before


def test_the_bundle_alone_needs_no_district(db: None, tmp_path: Path) -> None:
    generate("paper", bundle_only=tmp_path / "b.zip", students=30)
    generate("paper", bundle_only=tmp_path / "n.zip", students=30, next_year=True)
    assert (tmp_path / "b.zip").stat().st_size > 2000
    assert (tmp_path / "n.zip").read_bytes() != (tmp_path / "b.zip").read_bytes()
    assert not District.objects.exists()


def test_a_roster_of_ones_own_is_used(district: Any, tmp_path: Path) -> None:
    generate("other-name", bundle_only=tmp_path / "own.zip", students=33, seed=9)
    generate(roster=str(tmp_path / "own.zip"), suites="hero", years=1)
    with enter_district(district):
        assert Student.objects.filter(status="active").count() == 33
        assert one("SELECT count(*) FROM {schema}.hero_points")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"suites": "poetry"}, "no generator for the suite 'poetry'"),
        ({"students": 0}, "must be 1 or more"),
        ({"years": 0}, "must be 1 or more"),
    ],
)
def test_what_cannot_be_made_is_said(district: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        generate(**options)


def test_made_up_data_is_not_mixed_with_other_data(filled: Any) -> None:
    connection.set_schema_to_public()
    with pytest.raises(CommandError, match="hero has data in this district already: hero_actionsetting"):
        generate(suites="hero")
