"""The policies: one file for every suite in this folder. A new product is a new file, and nothing here changes."""

import pkgutil
from functools import cache
from importlib import import_module

import resets.policies
from resets.policies.words import Action, Anonymize, Archive, Delete, Policy, Retain, Rule, SetTo, Show, Unassign

NOT_POLICIES = ("registry", "words")


@cache
def policies() -> tuple[Policy, ...]:
    """Every policy, by suite."""
    names = sorted(module.name for module in pkgutil.iter_modules(resets.policies.__path__))
    return tuple(import_module(f"resets.policies.{name}").POLICY for name in names if name not in NOT_POLICIES)


def policy_for(suite: str) -> Policy:
    """The policy of a suite.

    Raises:
        LookupError: there is none; the message lists those there are.
    """
    for policy in policies():
        if policy.suite == suite:
            return policy
    known = ", ".join(policy.suite for policy in policies())
    raise LookupError(f"there is no policy for the suite {suite!r}; there are: {known}")


def rules_for(suite: str, category: str) -> tuple[Rule, ...]:
    """A category's own rules, else the rules for everything; the ninety-day rule last."""
    rules = policy_for(suite).rules
    own = tuple(rule for rule in rules if rule.category == category)
    return own + tuple(rule for rule in rules if rule.category == "*")


def action_words(action: Action) -> str:
    """An action in words, as on the page."""
    match action:
        case Retain(since=int(since)):
            return f"Retained as far back as {since}"
        case SetTo(value=value):
            return f"Set to {value}"
        case Unassign():
            return "Retained; students are no longer assigned"
        case Show(last=last):
            return f"Shown up to {last} days in the past"
        case Anonymize(after=after):
            return f"Anonymized {after} days after the reset"
        case Retain() | Archive() | Delete():
            return action.verb
