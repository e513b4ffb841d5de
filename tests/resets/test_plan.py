"""A plan is data that prints as text; here the text is the test."""

import datetime as dt

import pytest

from products.registry import suite_named
from resets.engine import compile_plan
from resets.engine.errors import PlanError
from resets.engine.plan import Ground
from resets.policies.registry import policy_for
from resets.policies.words import SUBSCRIBED_SCHOOLS, Archive, Policy, Retain, Rule

ON = dt.date(2026, 7, 28)


def ground(suite: str, live: tuple[int, ...], subscribed: tuple[int, ...] | None = None) -> Ground:
    facts = suite_named(suite).facts
    archived = {table.name: (2024,) for table in facts if table.archive}
    return Ground("d_x", 2026, ON, {table.name: live for table in facts}, archived, subscribed)


def text(suite: str, live: tuple[int, ...] = (2026, 2027), subscribed: tuple[int, ...] | None = None) -> list[str]:
    plan = compile_plan(policy_for(suite), suite_named(suite), ground(suite, live, subscribed))
    return plan.as_text().splitlines()[1:]


def test_literacy() -> None:
    assert text("literacy", live=(2018, 2019, 2026, 2027)) == [
        " 1. literacy_studentaccount: keep",
        " 2. literacy_reward: set columns",
        " 3. literacy_avatar: delete rows",
        " 3. literacy_avataraccessory: delete rows",
        " 4. literacy_benchmark: move the partitions to the archive of 2018, 2019, 2026",
        " 5. literacy_placement: keep",
        " 6. literacy_boyassessment: keep",
        " 7. literacy_progress: drop the partitions of 2018",
        " 8. literacy_usage: move the partitions to the archive of 2018, 2019, 2026",
        " 9. literacy_actionarea: keep",
        "10. literacy_portfolioartifact: drop the partitions of 2018",
        "11. literacy_playlist: keep",
        "11. literacy_playlistactivity: keep",
        "11. literacy_playlistassignment: remove assignments",
        "12. literacy_group: move the partitions to the archive of 2018, 2019, 2026",
        "12. literacy_groupmember: move the partitions to the archive of 2018, 2019, 2026",
        "13. literacy_educatoraccount: keep",
        "14. literacy_organization: keep",
        "    students may return for 90 days",
    ]


def test_math_spares_what_belongs_to_the_new_year() -> None:
    lines = text("math")
    assert " 2. math_assessment: drop the partitions of 2026" in lines
    assert " 6. math_classroom: delete rows" in lines
    assert " 7. math_educatoraccount: keep" in lines
    assert not any("2027" in line for line in lines)


def test_hero_destroys_unsubscribed_schools_in_the_archive_too() -> None:
    lines = text("hero", subscribed=(1, 2))
    assert " 1. hero_trackingevent: delete rows, schools without a subscription" in lines
    assert " 1. hero_trackingeventarchive: delete rows, schools without a subscription" in lines
    assert " 2. hero_trackingevent: move the partitions to the archive of 2026, subscribed schools" in lines
    assert not any("schoolsubscription: delete" in line for line in lines)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("progress", Archive(), because="x"), "has no archive twin"),
        (Rule("groups", Retain(), because="x", where=SUBSCRIBED_SCHOOLS), "keeps none per school"),
    ],
)
def test_a_rule_that_cannot_be_applied_stops_the_plan(rule: Rule, words: str) -> None:
    policy = Policy("literacy", "test", "test", (rule,))
    with pytest.raises(PlanError, match=words):
        compile_plan(policy, suite_named("literacy"), ground("literacy", (2026,)))


def test_a_table_without_a_school_cannot_depend_on_its_subscription() -> None:
    policy = Policy("literacy", "test", "test", (Rule("avatars", Retain(), because="x", where=SUBSCRIBED_SCHOOLS),))
    with pytest.raises(PlanError, match="no school_id"):
        compile_plan(policy, suite_named("literacy"), ground("literacy", (2026,), subscribed=(1,)))
