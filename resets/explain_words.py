"""The sentence about one category of a student's data, in the source's words."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from products.datamap import Category, Key, Suite
from resets.policies.registry import action_words, policy_for
from resets.policies.words import Anonymize, Rule
from rostering.models import Student
from rostering.models_people import PersonStatus


@dataclass(frozen=True)
class When:
    """The reset's date, and whether it is over."""

    on: dt.date | None
    done: bool


@dataclass(frozen=True)
class Scene:
    """What the sentences of one suite need to know.

    Attributes:
        subscribed: the schools with an active subscription on the reset date; None where schools do not subscribe.
        counted: the student's rows, by relation.
    """

    student: Student
    suite: Suite
    school_year: int
    when: When
    subscribed: tuple[int, ...] | None
    counted: Mapping[str, int]


def sentence_of(scene: Scene, category: Category, live: int, archived: int) -> str:
    """What will happen to a category of the student's data, or what happened; with the rows that there are."""
    rule = next(rules_of(scene, category))
    rows = f"{live:,} rows are live" + (f" and {archived:,} archived" if archived else "")
    condition = f", {rule.condition}" if rule.condition and rule.condition not in rule.because else ""
    return (
        f"{category.label} {_fate(scene)}: {action_words(rule.action).lower()}{condition} (“{rule.because}”); "
        f"of this student {rows}{_ninety_days(scene, category)}."
    )


def _fate(scene: Scene) -> str:
    """When it happens or happened; a suite without an end-of-year reset says so."""
    if not policy_for(scene.suite.code).resettable:
        return f"is not reset: there is no end-of-year reset of {scene.suite.name}"
    date = _long(scene.when.on) if scene.when.on else "the reset date, which is not yet set"
    return f"{'was' if scene.when.done else 'will be'} reset on {date}"


def _ninety_days(scene: Scene, category: Category) -> str:
    """What becomes of a student's own data without them, where the policy anonymizes."""
    student, policy = scene.student, policy_for(scene.suite.code)
    rules = [(rule, rule.action) for rule in policy.rules if isinstance(rule.action, Anonymize)]
    if not rules or scene.when.on is None or all(table.key is not Key.STUDENT for table in category.tables):
        return ""
    rule, action = rules[0]
    if student.status == PersonStatus.ANONYMIZED:
        return f"; the student has been anonymized (“{rule.because}”)"
    if student.school_year > scene.school_year:
        return "; the student has been rostered again"
    until = _long(scene.when.on + dt.timedelta(days=action.after))
    return f"; unless rostered again by {until} the student is anonymized (“{rule.because}”)"


def _long(day: dt.date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def rules_of(scene: Scene, category: Category) -> Iterator[Rule]:
    """The rules that hold for a category at the student's school, the category's own first."""
    subscribed = scene.subscribed is None or scene.student.school_id in scene.subscribed
    fitting = [
        rule
        for rule in policy_for(scene.suite.code).rules
        if not isinstance(rule.action, Anonymize) and rule.where.subscribed in (None, subscribed)
    ]
    yield from (rule for rule in fitting if rule.category == category.code)
    yield from (rule for rule in fitting if rule.category == "*")
