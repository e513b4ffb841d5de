"""Codes and imports among three districts in random order: nothing is lost, doubled, or where it must not be."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tenants.models import District
from tests.support.districts import district_schemas, forget_districts, provision
from tests.transfers.engine.conftest import empty_districts
from tests.transfers.engine.machine import SUITES, Districts
from transfers.imports.models import ImportState

ANY = st.integers(0, 97)
THERE = st.integers(0, 2)
districts: list[District] = []


class Transfers(RuleBasedStateMachine):
    """The rules; `ANY` picks one of what there is."""

    world: Districts

    @initialize()
    def begin(self) -> None:
        self.world = Districts(tuple(districts))

    def picked(self, which: int, of: Any) -> Any:
        return list(of)[which % len(of)]  # in the order in which they came, which is the same in every run

    @rule(which=ANY)
    def take_quiz(self, which: int) -> None:
        self.world.take_quiz(*self.picked(which, self.world.records))

    @rule(which=ANY, whole=st.booleans())
    def generate(self, which: int, whole: bool) -> None:
        district, student = self.picked(which, self.world.records)
        self.world.generate(district, None if whole else student)

    @precondition(lambda self: self.world.codes)
    @rule(which=ANY, district=THERE)
    def redeem(self, which: int, district: int) -> None:
        self.world.redeem(list(self.world.codes)[-1 - which % len(self.world.codes)], district)

    @precondition(lambda self: self.world.codes)
    @rule(which=ANY)
    def revoke(self, which: int) -> None:
        self.world.revoke(self.picked(which, self.world.codes))

    @precondition(lambda self: self.world.imports)
    @rule(which=ANY)
    def analyze(self, which: int) -> None:
        self.world.analyze(self.picked(which, self.world.imports_in(ImportState.ANALYZING)))

    @precondition(lambda self: self.world.imports)
    @rule(which=ANY, row=ANY, other=ANY)
    def review(self, which: int, row: int, other: int) -> None:
        self.world.review(self.picked(which, self.world.imports_in(ImportState.READY)), row, other)

    @precondition(lambda self: self.world.imports)
    @rule(which=ANY)
    def import_(self, which: int) -> None:
        self.world.import_(self.picked(which, self.world.imports_in(ImportState.READY)))

    @rule(which=ANY, district=THERE)
    def move(self, which: int, district: int) -> None:
        """What mostly happens, so that the rest meets it often."""
        self._move(*self.picked(which, self.world.records), district)

    @precondition(lambda self: self.world.imports)
    @rule(which=ANY)
    def move_again(self, which: int) -> None:
        """Somebody who came with an import comes once more, and brings a newer score."""
        coming = self.world.imports[self.picked(which, self.world.imports)]
        source, students = self.world.codes[coming.code]
        for key in students[:1]:
            if (source, key) in self.world.records:
                self.world.take_quiz(source, key)
                self._move(source, key, coming.district)

    def _move(self, source: int, student: int, district: int) -> None:
        self.world.generate(source, student)
        known = set(self.world.imports)
        self.world.redeem(list(self.world.codes)[-1], district)
        for made in set(self.world.imports) - known:
            self.world.analyze(made)
            self.world.import_(made)

    @precondition(lambda self: self.world.imports)
    @rule(which=ANY)
    def cancel(self, which: int) -> None:
        self.world.cancel(self.picked(which, self.world.imports_in(ImportState.ANALYZING, ImportState.READY)))

    @precondition(lambda self: self.world.imports)
    @rule(which=ANY)
    def undo(self, which: int) -> None:
        self.world.undo(self.picked(which, self.world.imports_in(ImportState.COMPLETED)))

    @rule(days=st.sampled_from([1, 12, 30]))
    def pass_time(self, days: int) -> None:
        self.world.pass_time(days)

    @precondition(lambda self: len(self.world.records) > 2)
    @rule(which=ANY)
    def anonymize(self, which: int) -> None:
        self.world.anonymize(*self.picked(which, self.world.records))

    @rule(district=THERE, suite=st.sampled_from(SUITES))
    def reset(self, district: int, suite: str) -> None:
        self.world.reset_suite(district, suite)

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "world"):
            self.world.check()

    def teardown(self) -> None:
        connection.set_schema_to_public()
        if hasattr(self, "world"):
            self.world.check_public()
        empty_districts(districts)


@pytest.fixture(scope="module")
def three(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        before = district_schemas()
        try:
            districts[:] = [provision("alder"), provision("poplar"), provision("rowan")]
            yield
        finally:
            districts.clear()
            forget_districts(keep=before)
            connections.close_all()


def run(examples: int, steps: int) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=examples < 50,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Transfers, settings=chosen)  # type: ignore[no-untyped-call]


def test_random_interleavings(three: None) -> None:
    run(6, 24)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_many_random_interleavings(three: None) -> None:
    run(200, 50)
