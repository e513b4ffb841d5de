"""A rule's row on a page: what it says, its counts in all, and per school. Preview and run are drawn alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.pages import Chip
from products.registry import suite_named
from resets.counted_lines import NUMBERS, label_of
from resets.engine.preview import Counted, Preview, PreviewLine
from resets.models import PreviewCount, ResetRun, RunCount
from resets.policies.registry import policy_for
from resets.policies.words import Anonymize, Rule
from resets.views.words import action_chip, where_words
from rostering.models import School

NO_SCHOOL = "No single school"


@dataclass(frozen=True)
class SchoolRow:
    """One school's counts."""

    name: str
    counts: Counted


@dataclass(frozen=True)
class Said:
    """What a rule says, in the source's words.

    Attributes:
        later: it is done by day 90, not on the reset date, so that nothing is counted now.
    """

    because: str
    condition: str
    where: str
    products: tuple[str, ...]
    later: bool


@dataclass(frozen=True)
class RuleRow:
    """One rule, or one category of a rule for everything.

    Attributes:
        said: none when the policy of the day is not at hand any more.
    """

    label: str
    chip: Chip
    counts: Counted
    said: Said | None
    schools: tuple[SchoolRow, ...]


def preview_rows(found: Preview, school_id: int | None) -> list[RuleRow]:
    """The rows of a preview; of one school alone when its key is given."""
    return [_preview_row(line, school_id) for line in found.lines]


def kept_rows(suite: str, counted: PreviewCount) -> list[RuleRow]:
    """The rows of a count that is kept, which was made by the current policy; all schools together."""
    rules = policy_for(suite).rules
    return [
        RuleRow(
            label=label_of(suite, line["category"], later=isinstance(rules[line["position"]].action, Anonymize)),
            chip=action_chip(rules[line["position"]].action, line["action"]),
            counts=Counted(*(line[name] for name in NUMBERS)),
            said=_said(rules[line["position"]]),
            schools=(),
        )
        for line in counted.lines
    ]


def run_rows(run: ResetRun, counts: Iterable[RunCount], school_id: int | None) -> list[RuleRow]:
    """The rows of a run, one per rule and category; of one school alone when its key is given."""
    groups: dict[tuple[int, str], list[RunCount]] = {}
    for count in counts:
        groups.setdefault((count.position, count.category), []).append(count)
    names = dict(School.objects.values_list("id", "name"))
    return [_run_row(run, lines, names, school_id) for lines in groups.values()]


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
    return RuleRow(
        label=line.label,
        chip=action_chip(line.rule.action, line.action_words),
        counts=line if school_id is None else add_up(own),
        said=_said(line.rule),
        schools=tuple(SchoolRow(school.name or NO_SCHOOL, school) for school in own),
    )


def _run_row(run: ResetRun, lines: list[RunCount], names: dict[int, str], school_id: int | None) -> RuleRow:
    policy, first = policy_for(run.suite), lines[0]
    rule = policy.rules[first.position] if policy.version == run.policy_version else None
    own = [line for line in lines if school_id in (None, line.school_id)]
    schools = [SchoolRow(names.get(line.school_id or 0, NO_SCHOOL), add_up([line])) for line in own if line.before]
    return RuleRow(
        label=suite_named(run.suite).category(first.category).label,
        chip=action_chip(rule.action, first.action) if rule else Chip(first.action),
        counts=add_up(own),
        said=_said(rule) if rule else None,
        schools=tuple(sorted(schools, key=lambda row: (row.name == NO_SCHOOL, row.name))),
    )


def _said(rule: Rule) -> Said:
    return Said(
        because=rule.because,
        condition="" if "as long as" in rule.because else rule.condition,  # the source says it in the same breath
        where=where_words(rule),
        products=tuple(product.name for product in rule.products),
        later=isinstance(rule.action, Anonymize),
    )
