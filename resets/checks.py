"""The start-up check that policies and data maps agree: a category without a rule is an error by name."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from products.datamap import Category, Key, Suite, columns_of
from products.registry import data_maps
from resets.policies.registry import policies
from resets.policies.words import STUDENT_IDS_MATCH, Anonymize, Archive, Policy, Retain, Rule, SetTo, Show, Unassign


def register_checks() -> None:
    """Have Django run the check at start-up and in `manage.py check`."""
    register(check_policies)


def check_policies(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Every data map has a policy, every category rules for all schools, and every rule fits."""
    return list(problems(data_maps(), policies()))


def problems(maps: Iterable[Suite], rules: Iterable[Policy]) -> Iterator[CheckMessage]:
    """What is wrong between data maps and policies, each with the way to mend it."""
    by_suite = {policy.suite: policy for policy in rules}
    known = {suite.code: suite for suite in maps}
    for code in sorted(by_suite.keys() - known.keys()):
        yield _error(
            f"the policy {code!r} is for a suite that is not installed", f"Remove resets/policies/{code}.py.", 1
        )
    for code, suite in known.items():
        policy = by_suite.get(code)
        if policy is None:
            yield _error(f"the suite {code!r} has no policy", f"Write resets/policies/{code}.py.", 2)
            continue
        yield from _uncovered(suite, policy)
        for rule in policy.rules:
            yield from _misfits(suite, rule)
        yield from _twice(policy)
        yield from _endless(policy)


def _uncovered(suite: Suite, policy: Policy) -> Iterator[CheckMessage]:
    """A category needs a rule of its own for every school, or one for each kind of school."""
    for category in suite.categories:
        own = {rule.where.subscribed for rule in policy.rules if rule.category == category.code}
        star = {
            rule.where.subscribed for rule in policy.rules if rule.category == "*" and rule.where.subscribed is not None
        }
        covered = own | (star if own else set())
        if None not in covered and not {True, False} <= covered:
            hint = f"Add a Rule for it to resets/policies/{suite.code}.py, with the source's words."
            yield _error(f"{suite.code}: the category {category.code!r} has no rule for every school", hint, 3)


def _twice(policy: Policy) -> Iterator[CheckMessage]:
    seen = set()
    for rule in policy.rules:
        key = (rule.category, rule.where.subscribed)
        if key in seen:
            yield _error(f"{policy.suite}: two rules for {rule.category!r} at the same schools", "Keep one.", 4)
        seen.add(key)


def _endless(policy: Policy) -> Iterator[CheckMessage]:
    """What is kept "as long as Student IDs match" needs a rule for whoever's never does again."""
    conditional = [rule.category for rule in policy.rules if rule.condition == STUDENT_IDS_MATCH]
    if conditional and not any(isinstance(rule.action, Anonymize) for rule in policy.rules):
        text = (
            f"{policy.suite}: {conditional[0]!r} is kept {STUDENT_IDS_MATCH}, but no rule for '*' anonymizes the others"
        )
        yield _error(text, 'Add Rule("*", Anonymize(after=...)) with the source\'s words.', 12)


def _misfits(suite: Suite, rule: Rule) -> Iterator[CheckMessage]:
    where = f"{suite.code}: the rule for {rule.category!r}"
    if not rule.because:
        yield _error(f"{where} gives no reason", "Quote the source's sentence in `because`.", 5)
    if rule.category == "*":
        return
    category = next((category for category in suite.categories if category.code == rule.category), None)
    if category is None:
        yield _error(f"{where} is about no category of the data map", "Correct its name, or add the category.", 6)
        return
    if {product.code for product in rule.products} != {product.code for product in category.products}:
        yield _error(f"{where} names other products than the data map", "Name the same products in both.", 7)
    yield from _unfit_action(where, rule, category)


def _unfit_action(where: str, rule: Rule, category: Category) -> Iterator[CheckMessage]:
    facts = [table for table in category.tables if table.fact]
    match rule.action:
        case Archive() if not facts or len(facts) < len(category.tables) or any(t.archive is None for t in facts):
            yield _error(f"{where} archives a table without an archive twin", "Give each of its facts a twin.", 8)
        case SetTo(columns=names) if not any(columns_of(table.model).keys() >= set(names) for table in category.tables):
            yield _error(f"{where} sets columns that no table of it has", "Correct the columns' names.", 9)
        case Unassign() if not any(t.key is Key.STUDENT and not t.fact for t in category.tables):
            yield _error(f"{where} unassigns students, but nothing assigns them", "Map the assignments' table.", 10)
        case Show() | Retain(since=int()) if len(facts) < len(category.tables):
            yield _error(f"{where} goes by date, but not all of its tables are facts", "Use another action.", 11)
        case _:
            return


def _error(message: str, hint: str, number: int) -> Error:
    return Error(message, hint=hint, id=f"resets.E{number:03}")
