"""Categories in the sources' words, with their counts; the policy; the tables that were written to."""

from collections.abc import Mapping
from typing import Any, Final

from products.datamap import Category
from products.registry import data_maps, suite_named
from resets.policies.registry import action_words, policy_for, rules_for
from resets.policies.words import Anonymize, Rule
from resets.views.words import where_words

COUNTS: Final = ("before", "retained", "archived", "deleted", "changed", "anonymized")

WHOLE: Final = {"student": "Everything about one student", "district": "Everything about the district"}
"""What a destruction on request counts in one line."""
EVERY_PRODUCT: Final = "Every product that the district had"


def category_lines(kind: str, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One line per category in the data map's order: what the source calls it, what it says, and the counts."""
    suite, found = str(facts.get("suite", "")), facts.get("categories") or {}
    known = _known_categories(suite)
    places = {code: place for place, code in enumerate(known)}
    lines = []
    for code in sorted(found, key=lambda code: (places.get(code, len(places)), code)):
        line: dict[str, Any] = {"code": code, "name": _name(code, known)}
        line |= _rule_words(kind, suite, code, str(facts.get("policy", "")))
        line |= {name: int(found[code].get(name, 0)) for name in COUNTS}
        lines.append(line)
    return lines


def _name(code: str, known: Mapping[str, Category]) -> str:
    """The category's name; one that another suite has too comes as `suite.code`."""
    if code in known:
        return known[code].label
    suite, _, own = code.partition(".")
    for each in data_maps():
        if each.code == suite and any(category.code == own for category in each.categories):
            return f"{each.name}: {each.category(own).label}"
    return WHOLE.get(code, code)


def _known_categories(suite: str) -> dict[str, Category]:
    """The suite's categories by code, then those of every other data map."""
    maps = sorted(data_maps(), key=lambda each: each.code != suite)
    known: dict[str, Category] = {}
    for each in maps:
        for category in each.categories:
            known.setdefault(category.code, category)
    return known


def _rule_words(kind: str, suite: str, code: str, version: str) -> dict[str, str]:
    """What was done, and the source's sentence; both empty where no policy of that version speaks."""
    try:
        policy, rules = policy_for(suite), rules_for(suite, code)
    except LookupError:
        return {"action": "", "because": ""}
    if policy.version != version or kind not in ("reset", "anonymization"):
        return {"action": "", "because": ""}
    wanted = [rule for rule in rules if isinstance(rule.action, Anonymize) == (kind == "anonymization")]
    return {
        "action": "; ".join(dict.fromkeys(map(_action, wanted))),
        "because": " ".join(dict.fromkeys(rule.because for rule in wanted)),
    }


def _action(rule: Rule) -> str:
    where = where_words(rule) if rule.where.subscribed is not None else ""
    return f"{action_words(rule.action)} ({where[0].lower()}{where[1:]})" if where else action_words(rule.action)


def policy_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """The policy's version as the run recorded it, and the document that it quotes."""
    version, suite = str(facts.get("policy", "")), str(facts.get("suite", ""))
    try:
        return {"version": version, "source": policy_for(suite).source}
    except LookupError:
        return {"version": version, "source": ""}


def products_of(facts: Mapping[str, Any]) -> list[str]:
    """The names of the suite's products; where the entry names no suite, it concerns them all."""
    suite = str(facts.get("suite", ""))
    try:
        return [product.name for product in suite_named(suite).products]
    except LookupError:
        return [EVERY_PRODUCT]


def relation_lines(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tables in which rows were deleted or updated, by PostgreSQL's own statistics; some entries name them only."""
    tables = facts.get("tables") or {}
    if isinstance(tables, list):
        return [{"table": str(name)} for name in sorted(tables)]
    return [
        {"table": name, "deleted": int(rows.get("deleted", 0)), "updated": int(rows.get("updated", 0))}
        for name, rows in sorted(tables.items())
    ]
