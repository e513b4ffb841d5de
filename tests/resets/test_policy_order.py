"""Each policy reads from top to bottom as its source does."""

import pytest

from resets.policies.registry import action_words, policy_for
from resets.policies.words import Anonymize, Archive, Delete, Retain, SetTo, Show, Unassign
from tests.resets.test_policies import FILES, SOURCES, plain

LITERACY = [
    ("student_accounts", "Student Accounts Retained"),
    ("booster_bits", "Booster Bits and Museum Levels are set to 0"),
    ("avatars", "Avatars and their accessories are deleted"),
    ("benchmarks", "Benchmark data is archived"),
    ("placements", "the Placement test score is retained"),
    ("progress", "Student Progress Data"),
    ("action_areas", "Action Areas Tool"),
    ("portfolio", "Portfolio Artifacts"),
    ("playlists", "Playlists (Imagine Language & Literacy)"),
    ("groups", "Groups Archived"),
    ("educator_accounts", "Educator Accounts Retained"),
    ("organizations", "Organizations (schools and districts) Retained"),
    ("*", "Student data is anonymized 90 days after the reset"),
]
BELOW_THE_TABLE = {"boy_assessments", "usage"}
"""Explained in the literacy source's notes; they stand beside the row that they belong to."""
MATH = [
    ("student_accounts", "Student Accounts Deleted"),
    ("assessments", "Assessment, Progress, Pathway, and Usage data"),
    ("progress", "Progress, Pathway, and Usage data"),
    ("pathways", "Pathway, and Usage data"),
    ("usage", "Usage data are all deleted"),
    ("classrooms", "Classrooms Deleted"),
    ("educator_accounts", "Educator Accounts Retained"),
    ("organizations", "Organizations (schools and districts) Retained"),
]
HERO = [
    ("*", "Schools without active subscriptions will have their data permanently deleted."),
    ("tracking", "We will archive all of last year's tracking data."),
    ("points_balance", "Hero points do not roll over from year to year."),
    ("behavior_codes", "Hero does NOT archive your behavior codes"),
    ("action_settings", "action settings. Once the archive takes place"),
    ("user_lists", "Hero does NOT archive user lists."),
    ("notification_templates", "Hero does NOT archive or deactivate email notification templates."),
    ("student_credentials", "student and parent login credentials"),
    ("parent_credentials", "parent login credentials"),
    ("portal_settings", "If you do not want students and parents to have access to the schedules"),
]
NOT_ASKED = {"points_history", "subscriptions"}
"""Hero's first paragraph covers them; no question is about them alone."""
ORDERS = [
    pytest.param("literacy", LITERACY, BELOW_THE_TABLE, id="literacy"),
    pytest.param("math", MATH, set(), id="math"),
    pytest.param("hero", HERO, NOT_ASKED, id="hero"),
]


@pytest.mark.parametrize(("suite", "order", "beside"), ORDERS)
def test_rules_stand_in_the_sources_order(suite: str, order: list[tuple[str, str]], beside: set[str]) -> None:
    rules = [rule.category for rule in policy_for(suite).rules]
    assert [category for category in rules if category not in beside] == [category for category, _ in order]
    assert beside <= set(rules)


@pytest.mark.parametrize(("suite", "order", "beside"), ORDERS)
def test_the_order_is_really_the_sources(suite: str, order: list[tuple[str, str]], beside: set[str]) -> None:
    path = SOURCES / FILES[suite]
    if not path.exists():
        pytest.skip("the sources are not beside this checkout")
    text, at = plain(path.read_text()), 0
    for category, words in order:
        found = text.find(plain(words), at)
        assert found >= 0, f"{category}: {words!r} does not follow in the source"
        at = found


def test_every_action_has_words() -> None:
    said = {
        action_words(action)
        for action in (
            Retain(),
            Retain(since=2019),
            Archive(),
            Delete(),
            SetTo(0, columns=("x",)),
            Unassign(),
            Show(last=180),
            Anonymize(after=90),
        )
    }
    assert said == {
        "Retained",
        "Retained as far back as 2019",
        "Archived",
        "Deleted",
        "Set to 0",
        "Retained; students are no longer assigned",
        "Shown up to 180 days in the past",
        "Anonymized 90 days after the reset",
    }
