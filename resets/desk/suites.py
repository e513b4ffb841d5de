"""The suites by the names that people know."""

from products.registry import suites
from resets.policies.registry import policies


def suite_names() -> dict[str, str]:
    """The suites' names by their codes."""
    return {suite.code: suite.name for suite in suites()}


def suite_choices() -> list[tuple[str, str]]:
    """The suites that are reset, by name."""
    resettable = {policy.suite for policy in policies() if policy.resettable}
    return [(suite.code, suite.name) for suite in suites() if suite.code in resettable]
