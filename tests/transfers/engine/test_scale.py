"""A grade of a thousand with all their records: what is in memory does not grow with the records."""

import time
import tracemalloc
from collections.abc import Callable

import pytest
from django.core.management import call_command

from rostering.models import Student
from tenants.models import District
from tenants.schema import enter_district
from tests.transfers.engine.world import NOW, analyzed, imported, make_code, make_school, record_count
from transfers.imports.models import ImportState, StagedRow

MEGABYTE = 1024 * 1024


@pytest.mark.scale
@pytest.mark.timeout(1200)
def test_a_thousand_students(committed_districts: Callable[..., District], capsys: pytest.CaptureFixture[str]) -> None:
    source, destination = committed_districts("alder"), committed_districts("poplar")
    call_command("generate_district", slug="alder", students=1000, seed=5, suites="renaissance", years=3, verbosity=0)
    school = make_school(destination)
    with enter_district(source):
        students = list(Student.objects.values_list("pk", flat=True))
        old = Student.objects.values_list("school_id", flat=True)[0]
    assert old
    total = record_count(source)
    tracemalloc.start()
    began = time.monotonic()
    ready = analyzed(make_code(source, old, students), destination, school)
    with enter_district(destination):
        assert (ready.state, StagedRow.objects.count()) == (ImportState.READY, total)
    staged = time.monotonic()
    done = imported(destination, ready, NOW)
    finished = time.monotonic()
    peak = tracemalloc.get_traced_memory()[1] / MEGABYTE
    tracemalloc.stop()
    assert (done.imported, done.rows) == (len(students), total)
    assert peak < 60, "megabytes"
    with capsys.disabled():
        print(  # noqa: T201 - asked for by hand
            f"\n{len(students):,} students, {total:,} records: analyzed in {staged - began:.1f} s, imported in "
            f"{finished - staged:.1f} s, {peak:.0f} MB at most"
        )
