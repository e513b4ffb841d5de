"""Verification of a restore, inside its transaction: counted before, answered, and PostgreSQL's own account agree."""

from collections.abc import Mapping

from products.partitions import partition_name, split_name
from resets.engine.errors import VerificationError
from resets.engine.plan import Work
from resets.engine.proof import APPROVALS, Written, first_mismatch, written_relations
from resets.engine.verify import verify_references
from resets.restoring.counting import Back, BySchool
from resets.restoring.plan import Fact, RestorePlan, Small
from tenants.schema import current_schema

Answers = Mapping[Fact | Small, BySchool]


def verify_answers(back: Back, answers: Answers, taken: Answers) -> None:
    """Each statement touched at each school exactly the rows that were counted before it.

    Raises:
        VerificationError: names the relation and both numbers.
    """
    counted: list[tuple[Fact | Small, BySchool]] = [
        *((fact, rows) for fact, rows in back.facts.items() if not fact.whole),
        *back.small.items(),
    ]
    for part, by_school in counted:
        wanted = {school: rows for school, rows in by_school.items() if rows}
        if answers.get(part, {}) != wanted:
            raise VerificationError(f"{_name(part)}: {wanted} were to come back by school, and {answers.get(part)} did")
        if isinstance(part, Fact) and taken.get(part, {}) != wanted:
            raise VerificationError(f"{_name(part)}: {wanted} were to leave the archive, and {taken.get(part)} did")


def verify_writes(plan: RestorePlan, back: Back, before: Mapping[str, Written]) -> None:
    """Only the plan's relations were written to, each by the rows that were counted, and no reference is broken.

    Raises:
        VerificationError: names the relation and the numbers.
    """
    verify_references()
    here, elsewhere = written_relations(current_schema(), dict(before))
    if others := sorted(elsewhere - {APPROVALS}):
        raise VerificationError(f"relations outside of the district were written to: {', '.join(others)}")
    if mismatch := first_mismatch(here, _expected(back)):
        name, wanted, got = mismatch
        raise VerificationError(
            f"{name}: {tuple(wanted)} rows were to be inserted, updated, deleted; the database has {tuple(got)}"
        )


def _expected(back: Back) -> dict[str, Written]:
    expected: dict[str, Written] = {}
    for fact, by_school in back.facts.items():
        if not fact.whole and (rows := sum(by_school.values())):
            name = partition_name(fact.table.name, fact.year)
            expected[name] = Written(rows, 0, 0)
            expected[split_name(fact.table.name, fact.year)] = Written(0, 0, rows)
    for small, by_school in back.small.items():
        if rows := sum(by_school.values()):
            is_set = small.part.work is Work.SET
            expected[small.part.relation] = Written(0 if is_set else rows, rows if is_set else 0, 0)
    return expected


def _name(part: Fact | Small) -> str:
    return f"{part.table.name} {part.year}" if isinstance(part, Fact) else part.part.relation
