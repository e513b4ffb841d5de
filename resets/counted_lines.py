"""The lines of a kept count, and of a policy that is not counted yet: by category, in the source's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from products.registry import suite_named
from resets.engine.preview import ALL_STUDENTS, EVERYTHING
from resets.models import PreviewCount
from resets.policies.registry import action_words, policy_for
from resets.policies.words import Anonymize

NUMBERS: Final = ("before", "retained", "archived", "deleted", "changed")


@dataclass(frozen=True)
class CountedLine:
    """One row of the policy, all schools together.

    Attributes:
        because: the source's words; empty when the policy has changed since it was counted.
        where: for which schools it holds; empty when for all.
        later: it is done by day 90, not on the reset date, so that nothing is counted now.
    """

    label: str
    action: str
    because: str
    where: str
    later: bool
    before: int = 0
    retained: int = 0
    archived: int = 0
    deleted: int = 0
    changed: int = 0


def lines_of(suite: str, counted: PreviewCount) -> list[CountedLine]:
    """A kept count's lines."""
    is_current = policy_for(suite).version == counted.policy_version
    return [_line(suite, line, is_current=is_current) for line in counted.lines]


def lines_uncounted(suite: str) -> list[CountedLine]:
    """The policy's rows without counts, for a suite that was not counted yet."""
    return [
        _line(suite, {"position": position, "category": rule.category, "action": action_words(rule.action)})
        for position, rule in enumerate(policy_for(suite).rules)
    ]


def _line(suite: str, line: Mapping[str, Any], *, is_current: bool = True) -> CountedLine:
    rule = policy_for(suite).rules[line["position"]] if is_current else None
    later = rule is not None and isinstance(rule.action, Anonymize)
    return CountedLine(
        label=label_of(suite, line["category"], later=later),
        action=line["action"],
        because=rule.because if rule else "",
        where=_where(rule.where.subscribed) if rule else "",
        later=later,
        **{name: line.get(name, 0) for name in NUMBERS},
    )


def label_of(suite: str, category: str, *, later: bool = False) -> str:
    """What a row is about, by the source's name for it; the bare code when the suite no longer has it."""
    if category == "*":
        return ALL_STUDENTS if later else EVERYTHING
    try:
        return suite_named(suite).category(category).label
    except LookupError:
        return category


def _where(subscribed: bool | None) -> str:
    if subscribed is None:
        return ""
    return "Schools with an active subscription" if subscribed else "Schools without an active subscription"
