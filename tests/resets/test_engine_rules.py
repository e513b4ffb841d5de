"""Every row of the sources' tables: real rows before, the reset, the rows after, counted by the demo's own SQL."""

from collections.abc import Callable

import pytest

from demo.observe import see
from demo.verdict import judge
from products.registry import suite_named
from resets.engine import execute
from resets.models import ResetRun, RunCount, RunState
from resets.policies.registry import policies, policy_for
from resets.policies.words import Anonymize
from tenants.models import District
from tenants.schema import enter_district
from tests.resets.conftest import RESET_ON

RESETTABLE = [policy.suite for policy in policies() if policy.resettable]


@pytest.mark.parametrize("suite_code", RESETTABLE)
def test_every_rule_holds(suite_code: str, filled: Callable[..., District], make_run: Callable[..., ResetRun]) -> None:
    district = filled(suites=suite_code)
    suite = suite_named(suite_code)
    rules = [rule for rule in policy_for(suite_code).rules if not isinstance(rule.action, Anonymize)]
    with enter_district(district):
        before = {rule: see(suite, rule, RESET_ON) for rule in rules}
    run = make_run(district, suite_code)

    assert execute(run.pk) == RunState.COMPLETED, ResetRun.objects.get(pk=run.pk).error

    with enter_district(district):
        after = {rule: see(suite, rule, RESET_ON) for rule in rules}
    for rule in rules:
        assert before[rule].all_live, f"the generator made no rows for {rule.category}: the test would prove nothing"
        kept, archived, deleted, held, note = judge(rule, before[rule], after[rule])
        assert held, f"{rule.category}: {kept=} {archived=} {deleted=} {note}"


@pytest.mark.parametrize("suite_code", RESETTABLE)
def test_counts_are_recorded_per_school_and_add_up(
    suite_code: str, filled: Callable[..., District], make_run: Callable[..., ResetRun]
) -> None:
    run = make_run(filled(suites=suite_code), suite_code)

    execute(run.pk)

    counts = RunCount.objects.filter(run=run)
    positions = {
        position for position, rule in enumerate(policy_for(suite_code).rules) if not isinstance(rule.action, Anonymize)
    }
    assert {count.position for count in counts} == positions
    for count in counts:
        assert count.before == count.retained + count.archived + count.deleted + count.changed
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    assert run.evidence["moves"]
