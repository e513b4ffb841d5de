"""Data maps and policies agree, or nothing starts: each lack is named, with the way to mend it."""

from dataclasses import replace

import pytest

from products.registry import data_maps, suite_named
from resets.checks import check_policies, problems
from resets.policies.registry import policies, policy_for
from resets.policies.words import Archive, Policy, Retain, Rule, SetTo, Show, Unassign

EVERY_RULE = [
    pytest.param(policy.suite, position, id=f"{policy.suite}-{position + 1}-{rule.category}")
    for policy in policies()
    for position, rule in enumerate(policy.rules)
    if rule.category != "*"
]
LITERACY = policy_for("literacy")


def told(*rules: Policy) -> str:
    others = [policy for policy in policies() if policy.suite not in {rule.suite for rule in rules}]
    return "\n".join(f"{message.msg} {message.hint}" for message in problems(data_maps(), [*others, *rules]))


def with_rule(of: str, /, **changes: object) -> Policy:
    rules = tuple(replace(r, **changes) if r.category == of else r for r in LITERACY.rules)  # type: ignore[arg-type]
    return replace(LITERACY, rules=rules)


def test_what_is_installed_agrees() -> None:
    assert check_policies() == []


@pytest.mark.parametrize(("suite", "position"), EVERY_RULE)
def test_a_removed_rule_is_missed_by_name(suite: str, position: int) -> None:
    policy = policy_for(suite)
    rules = policy.rules[:position] + policy.rules[position + 1 :]
    message = told(replace(policy, rules=rules))
    assert f"{suite}: the category {policy.rules[position].category!r} has no rule for every school" in message


@pytest.mark.parametrize("suite", ["literacy", "roster"])
def test_the_ninety_day_rule_is_missed(suite: str) -> None:
    policy = policy_for(suite)
    message = told(replace(policy, rules=policy.rules[:-1]))
    assert "is kept as long as Student IDs match the previous year, but no rule for '*' anonymizes" in message


def test_heros_rule_for_unsubscribed_schools_is_missed() -> None:
    hero = policy_for("hero")
    assert "'tracking' has no rule for every school" in told(replace(hero, rules=hero.rules[1:]))


@pytest.mark.parametrize(
    ("category", "changes", "words"),
    [
        ("groups", {"because": ""}, "gives no reason"),
        ("groups", {"category": "gruops"}, "no category of the data map"),
        ("groups", {"products": ()}, "other products"),
        ("progress", {"action": Archive()}, "without an archive twin"),
        ("student_accounts", {"action": Archive()}, "without an archive twin"),
        ("booster_bits", {"action": SetTo(0, columns=("bits",))}, "sets columns that no table of it has"),
        ("progress", {"action": Unassign()}, "nothing assigns them"),
        ("playlists", {"action": Show(last=10)}, "not all of its tables are facts"),
        ("avatars", {"action": Retain(since=2019)}, "not all of its tables are facts"),
    ],
)
def test_a_rule_that_does_not_fit_is_named(category: str, changes: dict[str, object], words: str) -> None:
    message = told(with_rule(category, **changes))
    assert "literacy: the rule for" in message
    assert words in message


def test_two_rules_for_the_same_are_one_too_many() -> None:
    twice = replace(LITERACY, rules=(*LITERACY.rules, Rule("groups", Retain(), because="x", products=())))
    assert "two rules for 'groups'" in told(twice)


def test_suites_and_policies_come_in_pairs() -> None:
    alone = [message.msg for message in problems([suite_named("math")], [])]
    assert alone == ["the suite 'math' has no policy"]
    stray = [message.msg for message in problems([], [policy_for("math")])]
    assert stray == ["the policy 'math' is for a suite that is not installed"]
