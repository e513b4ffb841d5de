"""Which resets wait for a download: those whose policy deletes data of a product that the district has.

Asked of the policy objects, so that a new suite needs nothing here. The public schema knows a district's products, not
which of its schools' Hero subscriptions will have lapsed: a rule for some schools counts for the whole district. Hero's
source asks every school to "save last year's data for your records" anyway.
"""

from functools import cache

from products.registry import suite_named
from resets.policies.registry import policies
from resets.policies.words import Delete, Policy, Rule


@cache
def deleting_products() -> tuple[str, ...]:
    """`suite.product` for every product of which a reset of the suite deletes data."""
    resettable = (policy for policy in policies() if policy.resettable)
    return tuple(sorted({f"{policy.suite}.{code}" for policy in resettable for code in _deleted_of(policy)}))


def deleting_rules(suite: str) -> tuple[Rule, ...]:
    """The rules by which a reset of a suite deletes this year's data, in the policy's order."""
    policy = next((policy for policy in policies() if policy.suite == suite and policy.resettable), None)
    return tuple(rule for rule in policy.rules if isinstance(rule.action, Delete)) if policy else ()


def _deleted_of(policy: Policy) -> set[str]:
    """Codes of products with a rule that deletes; a rule that names none is for all that the suite has."""
    everything = suite_named(policy.suite).products
    rules = [rule for rule in policy.rules if isinstance(rule.action, Delete)]
    return {product.code for rule in rules for product in rule.products or everything}
