"""Verification, inside the transaction and before anybody is kept waiting. Any mismatch rolls everything back.

Three independent accounts must agree: the counts taken under the lock beforehand, what each statement answered, and
what PostgreSQL says that the transaction wrote. Small tables are counted again afterwards. Partitions that are moved or
dropped are checked in the catalogue (see `moves`), because a move cannot lose a row.
"""

from collections import defaultdict
from collections.abc import Mapping

from django.db import IntegrityError

from products.partitions import split_name
from resets.engine.counting import PartTally, Tally, read_rows
from resets.engine.errors import VerificationError
from resets.engine.plan import Part, Plan, Work
from resets.engine.proof import NOTHING, Written, run_deferred_checks, written_relations
from tenants.errors import describe_error

Answers = Mapping[tuple[Part, int | None], int]
"""Rows that a part's statement touched, by school, as the database answered."""

ROWWISE = (Work.SET, Work.UNASSIGN, Work.DELETE)


def verify_answers(counted: list[PartTally], answers: Answers) -> None:
    """Each statement touched at each school exactly the rows that were counted before it.

    Raises:
        VerificationError: names the rule, the school and both numbers.
    """
    expected = {
        (part, school): tally.changed + tally.deleted
        for part, school, tally in counted
        if part.work in ROWWISE and tally.changed + tally.deleted
    }
    for part, school in expected.keys() | answers.keys():
        wanted, got = expected.get((part, school), 0), answers.get((part, school), 0)
        if wanted != got:
            raise VerificationError(
                f"{part.rule.category} in {part.relation} at school {school}: {wanted:,} rows were to be touched "
                f"({part.work}), but {got:,} were"
            )


def verify_joined(plan: Plan, counted: list[PartTally], joined: Mapping[str, int]) -> None:
    """What was copied to archived years is what was counted as archived in those tables, where nothing else moves.

    Raises:
        VerificationError: names the table and both numbers.
    """
    for part in {part for part, _ in plan.joining()}:
        if len(part.years) > 1:
            continue  # other years move whole; the copies are held against the database's own account
        wanted = sum(tally.archived for other, _, tally in counted if other is part)
        got = joined.get(part.table.archive_name, 0)
        if got != wanted:
            raise VerificationError(f"{part.table.archive_name}: {wanted:,} rows were to join it, and {got:,} did")


def verify_recount(plan: Plan, counted: list[PartTally]) -> None:
    """Counted again, the small tables hold what they should, and no row is left that a rule would touch.

    Raises:
        VerificationError: names the rule, the school and the numbers.
    """
    before = {(part, school): tally for part, school, tally in counted}
    for part in plan.parts:
        if part.table.fact:
            continue
        after = {school: (rows, touched) for school, rows, touched in read_rows(part, plan.ground)}
        schools = {school for other, school in before if other is part} | after.keys()
        for school in schools:
            rows, touched = after.get(school, (0, 0))
            tally = before.get((part, school))
            wanted = _rows_left(part, tally) if tally else 0
            if rows != wanted or touched:
                raise VerificationError(
                    f"{part.rule.category} in {part.relation} at school {school}: {rows:,} rows are left where "
                    f"{wanted:,} should be, and {touched:,} of them still need the rule"
                )


def _rows_left(part: Part, tally: Tally) -> int:
    """Rows that a small table still has after its part: zeroed ones stay, unassigned and deleted ones go."""
    gone = tally.deleted + (tally.changed if part.work is Work.UNASSIGN else 0)
    return tally.before - gone


def verify_references() -> None:
    """Run the deferred checks of foreign keys now: at the commit they would run while everybody waits.

    Raises:
        VerificationError: something still refers to a row that was deleted; the message names both tables.
    """
    try:
        run_deferred_checks()
    except IntegrityError as error:
        raise VerificationError(describe_error(error)) from None


def verify_writes(
    plan: Plan,
    counted: list[PartTally],
    before: dict[str, Written],
    own: set[str],
    joined: Mapping[str, int],
    also: frozenset[str] = frozenset(),
) -> dict[str, Written]:
    """PostgreSQL's account: only the plan's relations were written to, each by exactly the rows that were counted.

    Args:
        before: the baseline at the start of the transaction.
        own: the run's own new tables (undo, files).
        joined: rows that were copied to an archived year, by the archive twin.
        also: relations outside of the district that the run may write to.

    Returns:
        what was written, per table of the plan (of facts, each partition), for the evidence.

    Raises:
        VerificationError: names the relation and the numbers.
    """
    here, elsewhere = written_relations(plan.ground.schema, before)
    elsewhere -= also
    if elsewhere:
        raise VerificationError(f"relations outside of the district were written to: {', '.join(sorted(elsewhere))}")
    expected = _expected_writes(plan, counted, joined)
    seen: dict[str, Written] = defaultdict(lambda: NOTHING)
    owners = _owners(plan)
    for name, written in here.items():
        if name in own:
            continue
        owner = owners.get(name)
        if owner is None and written != NOTHING:
            raise VerificationError(f"{name} is not part of the plan, but {sum(written):,} of its rows were written")
        if owner is not None:
            seen[owner] = Written(*(a + b for a, b in zip(seen[owner], written, strict=True)))
    for name in expected.keys() | seen.keys():
        wanted, got = expected.get(name, NOTHING), seen[name]
        if wanted != got:
            raise VerificationError(f"{name}: {_told(wanted)} was planned, but the database has {_told(got)}")
    return {name: written for name, written in here.items() if name in owners and written != NOTHING}


def _expected_writes(plan: Plan, counted: list[PartTally], joined: Mapping[str, int]) -> dict[str, Written]:
    expected: dict[str, Written] = {part.relation: NOTHING for part in plan.parts}
    for part, _, tally in counted:
        inserted, updated, deleted = expected[part.relation]
        if part.work is Work.SET:
            updated += tally.changed
        elif part.work in (Work.UNASSIGN, Work.DELETE):
            deleted += tally.changed + tally.deleted
        expected[part.relation] = Written(inserted, updated, deleted)
    return expected | {name: Written(rows, 0, 0) for name, rows in joined.items()}


def _owners(plan: Plan) -> dict[str, str]:
    """Which of the plan's relations each table of the schema belongs to: itself, or the parent of the partition."""
    owners: dict[str, str] = {}
    for part in plan.parts:
        owners[part.relation] = part.relation
        if part.table.fact:
            years = plan.ground.archive_years if part.in_archive else plan.ground.live_years
            for year in years.get(part.table.name, ()):
                owners[part.partition(year, plan.ground)] = part.relation
    for part, year in plan.joining():
        owners[split_name(part.table.name, year)] = part.table.archive_name
    return owners


def _told(written: Written) -> str:
    return f"{written.inserted:,} inserted, {written.updated:,} updated and {written.deleted:,} deleted rows"
