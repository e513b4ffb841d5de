"""What a school year's rules are, and what an earlier year's were by the record of its runs."""

from collections import defaultdict
from dataclasses import dataclass

from products.registry import suite_named
from resets.counted_lines import label_of
from resets.differences import Actions
from resets.models import ResetRun, RunCount, RunState
from resets.policies.registry import action_words, policy_for
from resets.policies.words import Anonymize

RUNS = 50
"""So many of the year's newest runs are read: each of them executed the whole policy."""


@dataclass(frozen=True)
class Recorded:
    """A year's rules by its runs.

    Attributes:
        versions: the policy's versions that were executed; none when nothing was reset.
        actions: what was done to each kind of data that any of them had rows of.
    """

    versions: tuple[str, ...]
    actions: Actions


def current_actions(suite: str) -> Actions:
    """What the policy of today does on the reset date to each kind of data."""
    policy, found = policy_for(suite), {}
    rules = [rule for rule in policy.rules if not isinstance(rule.action, Anonymize)]
    for category in suite_named(suite).categories:
        own = [rule for rule in rules if rule.category == category.code]
        covered = {rule.where.subscribed for rule in own}
        others = [rule for rule in rules if rule.category == "*" and not {None, rule.where.subscribed} & covered]
        found[category.label] = frozenset(action_words(rule.action) for rule in (*own, *others))
    return found


def recorded_rules(suite: str, school_year: int) -> Recorded:
    """What the runs of a school year executed, by their record. Two questions."""
    completed = ResetRun.objects.filter(suite=suite, school_year=school_year, state=RunState.COMPLETED)
    newest = dict(completed.order_by("-created_at").values_list("pk", "policy_version")[:RUNS])
    counts = RunCount.objects.filter(run__in=list(newest)).order_by().values_list("category", "action").distinct()
    actions: dict[str, set[str]] = defaultdict(set)
    for category, action in counts:
        actions[label_of(suite, category)].add(action)
    return Recorded(tuple(sorted(set(newest.values()))), {label: frozenset(done) for label, done in actions.items()})
