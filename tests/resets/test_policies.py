"""Policies say what the sources say, in the sources' words and order."""

import re
from pathlib import Path

import pytest

from resets.policies.registry import action_words, policies, policy_for, rules_for
from resets.policies.words import Anonymize, Policy, Rule

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources"
FILES = {
    "literacy": "literacy-eoy-reset-2023.txt",
    "math": "math-eoy-reset-2023.txt",
    "roster": "literacy-eoy-reset-2023.txt",
    "hero": "hero-archiving.txt",
    "renaissance": "renaissance-student-transfer.txt",
    "transfers": "renaissance-student-transfer.txt literacy-eoy-reset-2023.txt",  # codes; and the ninety days
    "holds": "literacy-eoy-reset-2023.txt",  # the ninety days
    "disposal": "literacy-eoy-reset-2023.txt",  # the same
    "report_downloads": "literacy-eoy-reset-2023.txt",  # the same
    "report_delivery": "literacy-eoy-reset-2023.txt",  # the same
}
OURS = ("holds", "disposal", "report_downloads", "report_delivery")
"""Of these the sources say nothing but that students are anonymized: their other rules are the product's own."""
EVERY_RULE = [
    pytest.param(policy, rule, id=f"{policy.suite}-{position + 1}-{rule.category}")
    for policy in policies()
    for position, rule in enumerate(policy.rules)
    if policy.suite not in OURS or rule.category == "*"
]


def plain(text: str) -> str:
    straight = text.replace("\u2019", "'").replace("\u2018", "'").replace("*", "")
    return re.sub(r"\s+", " ", straight).strip().lower()


@pytest.mark.parametrize(("policy", "rule"), EVERY_RULE)
def test_a_rule_quotes_its_source(policy: Policy, rule: Rule) -> None:
    paths = [SOURCES / name for name in FILES[policy.suite].split()]
    if not all(path.exists() for path in paths):
        pytest.skip("the sources are not beside this checkout")
    text = plain(" ".join(path.read_text() for path in paths))
    for piece in rule.because.split("…"):
        assert plain(piece) in text


def test_every_suite_has_its_policy() -> None:
    assert {policy.suite for policy in policies()} == set(FILES)
    with pytest.raises(LookupError, match="literacy"):
        policy_for("chess")


def test_actions_in_words() -> None:
    words = {rule.category: action_words(rule.action) for rule in policy_for("literacy").rules}
    assert words["progress"] == "Retained as far back as 2019"
    assert words["booster_bits"] == "Set to 0"
    assert words["action_areas"] == "Shown up to 180 days in the past"
    assert words["playlists"] == "Retained; students are no longer assigned"
    assert words["*"] == "Anonymized 90 days after the reset"


def test_the_rules_of_a_category_come_before_those_of_everything() -> None:
    assert [rule.category for rule in rules_for("hero", "tracking")] == ["tracking", "*"]
    assert isinstance(rules_for("literacy", "usage")[-1].action, Anonymize)
