"""A rule's row on a page: what it says, its counts in all, and per school. Preview and run are drawn alike."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.pages import Chip
from products.registry import suite_named
from resets.engine.preview import Counted, Preview, PreviewLine
from resets.models import ResetRun, RunCount
from resets.policies.registry import policy_for
from resets.policies.words import Anonymize, Rule
from resets.views.words import action_chip, where_words
from rostering.models import School

NO_SCHOOL = "No single school"


@dataclass(frozen=True)
class SchoolRow(Counted):
    """One school's counts."""

    name: str


@dataclass(frozen=True)
class RuleRow(Counted):
    """One rule, or one category of a rule for everything.

    Attributes:
        because: the source's words; empty when the policy of the day is not at hand any more.
        later: it is done by day 90, not on the reset date, so that nothing is counted now.
    """

    label: str
    chip: Chip
    because: str = ""
    condition: str = ""
    where: str = ""
    products: tuple[str, ...] = ()
    later: bool = False
    schools: tuple[SchoolRow, ...] = field(default=())


def preview_rows(found: Preview, school_id: int | None) -> list[RuleRow]:
    """The rows of a preview; of one school alone when its key is given."""
    return [_preview_row(line, school_id) for line in found.lines]


def run_rows(run: ResetRun, counts: Iterable[RunCount], school_id: int | None) -> list[RuleRow]:
    """The rows of a run, one per rule and category; of one school alone when its key is given."""
    groups: dict[tuple[int, str], list[RunCount]] = {}
    for count in counts:
        own = groups.setdefault((count.position, count.category), [])
        if school_id in (None, count.school_id):
            own.append(count)
    names = dict(School.objects.values_list("id", "name"))
    return [_run_row(run, position, category, lines, names) for (position, category), lines in groups.items()]


def grand_total(rows: Iterable[RuleRow]) -> Counted:
    """All rows together."""
    return add_up(rows)


def add_up(lines: Iterable[Counted | RunCount]) -> Counted:
    """Counts added."""
    found = list(lines)
    return Counted(
        before=sum(line.before for line in found),
        retained=sum(line.retained for line in found),
        archived=sum(line.archived for line in found),
        deleted=sum(line.deleted for line in found),
        changed=sum(line.changed for line in found),
    )


def _preview_row(line: PreviewLine, school_id: int | None) -> RuleRow:
    own = [school for school in line.schools if school_id in (None, school.school_id)]
    total = line if school_id is None else add_up(own)
    return RuleRow(
        **_counts(total),
        label=line.label,
        chip=action_chip(line.rule.action, line.action_words),
        **_said(line.rule),
        schools=tuple(SchoolRow(**_counts(school), name=school.name or NO_SCHOOL) for school in own),
    )


def _run_row(run: ResetRun, position: int, category: str, lines: list[RunCount], names: dict[int, str]) -> RuleRow:
    policy = policy_for(run.suite)
    rule = policy.rules[position] if policy.version == run.policy_version else None
    words = lines[0].action if lines else ""
    return RuleRow(
        **_counts(add_up(lines)),
        label=suite_named(run.suite).category(category).label,
        chip=action_chip(rule.action, words) if rule else Chip(words),
        **(_said(rule) if rule else {}),
        schools=tuple(
            sorted(
                (SchoolRow(**_counts(line), name=names.get(line.school_id or 0, NO_SCHOOL)) for line in lines),
                key=lambda row: row.name,
            )
        ),
    )


def _said(rule: Rule) -> dict[str, object]:
    return {
        "because": rule.because,
        "condition": rule.condition if rule.condition not in rule.because else "",
        "where": where_words(rule),
        "products": tuple(product.name for product in rule.products),
        "later": isinstance(rule.action, Anonymize),
    }


def _counts(counted: Counted | RunCount) -> dict[str, int]:
    names = ("before", "retained", "archived", "deleted", "changed")
    return {name: int(getattr(counted, name)) for name in names}
