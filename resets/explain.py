"""One sentence for a student and a kind of data: what will happen to it, or what happened, in the source's words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from products.datamap import Category, Key, Suite
from products.registry import suite_named
from resets.engine.ground import read_ground
from resets.engine.plan import Ground
from resets.models import ResetRun, ResetSchedule, RunState
from resets.policies.registry import action_words, policy_for
from resets.policies.words import Anonymize, Rule
from rostering.models import Student
from tenants.models import District
from tenants.schema import district_table


@dataclass(frozen=True)
class Explanation:
    """What becomes of a category of a student's data."""

    category: str
    label: str
    sentence: str


def explain(student_id: int, suite_code: str, category_code: str, *, district: District, as_of: dt.date) -> str:
    """The sentence of one category, for a student of the entered district.

    Raises:
        LookupError: no such suite, category or student.
    """
    found = explain_all(student_id, suite_code, district=district, as_of=as_of, only=category_code)
    return found[0].sentence


def explain_all(
    student_id: int, suite_code: str, *, district: District, as_of: dt.date, only: str = ""
) -> list[Explanation]:
    """The sentences of every category of a suite (or of one) for a student of the entered district.

    Raises:
        LookupError: no such suite, category or student.
    """
    suite, policy = suite_named(suite_code), policy_for(suite_code)
    student = Student.objects.filter(pk=student_id).first()
    if student is None:
        raise LookupError(f"there is no student {student_id}")
    when = _when(district, suite_code)
    ground = read_ground(suite, district.school_year, when.on or as_of)
    categories = [suite.category(only)] if only else suite.categories
    return [
        Explanation(category.code, category.label, _sentence(student, suite, category, ground, when))
        for category in categories
        if any(_rules(policy.rules, category, student, ground))
    ]


@dataclass(frozen=True)
class When:
    """The reset's date, and whether it is over."""

    on: dt.date | None
    done: bool


def _when(district: District, suite: str) -> When:
    year = district.school_year
    run = ResetRun.objects.filter(district=district, suite=suite, school_year=year, state=RunState.COMPLETED).first()
    if run is not None:
        return When(run.on, done=True)
    schedule = ResetSchedule.objects.filter(district=district, suite=suite, school_year=year).first()
    return When(schedule.on if schedule else None, done=False)


def _sentence(student: Student, suite: Suite, category: Category, ground: Ground, when: When) -> str:
    rule = next(_rules(policy_for(suite.code).rules, category, student, ground))
    live, archived = _rows(student.pk, category)
    date = _long(when.on) if when.on else "the reset date, which is not yet set"
    tense = "was reset on" if when.done else "will be reset on"
    rows = f"{live:,} rows are live" + (f" and {archived:,} archived" if archived else "")
    condition = f", {rule.condition}" if rule.condition and rule.condition not in rule.because else ""
    return (
        f"{category.label} {tense} {date}: {action_words(rule.action).lower()}{condition} (“{rule.because}”); "
        f"of this student {rows}{_ninety_days(student, suite, category, ground, when)}."
    )


def _ninety_days(student: Student, suite: Suite, category: Category, ground: Ground, when: When) -> str:
    """What becomes of a student's own data without them, where the policy anonymizes."""
    rules = [(rule, rule.action) for rule in policy_for(suite.code).rules if isinstance(rule.action, Anonymize)]
    if not rules or when.on is None or all(table.key is not Key.STUDENT for table in category.tables):
        return ""
    if student.school_year > ground.school_year:
        return "; the student has been rostered again"
    rule, action = rules[0]
    until = _long(when.on + dt.timedelta(days=action.after))
    return f"; unless rostered again by {until} the student is anonymized (“{rule.because}”)"


def _long(day: dt.date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _rules(rules: tuple[Rule, ...], category: Category, student: Student, ground: Ground) -> Iterator[Rule]:
    """The rules that hold for a category at the student's school, the category's own first."""
    subscribed = ground.subscribed is None or student.school_id in ground.subscribed
    fitting = [
        rule for rule in rules if not isinstance(rule.action, Anonymize) and rule.where.subscribed in (None, subscribed)
    ]
    yield from (rule for rule in fitting if rule.category == category.code)
    yield from (rule for rule in fitting if rule.category == "*")


def _rows(student_id: int, category: Category) -> tuple[int, int]:
    """The student's own rows of a category: live, archived."""
    live = archived = 0
    with connection.cursor() as cursor:
        for table in category.tables:
            if table.key is not Key.STUDENT:
                continue
            for name in filter(None, (table.name, table.archive_name)):
                query = sql.SQL("SELECT count(*) FROM {} WHERE student_id = %s").format(district_table(name))
                cursor.execute(query, [student_id])
                rows = int(cursor.fetchone()[0])
                live, archived = (live + rows, archived) if name == table.name else (live, archived + rows)
    return live, archived
