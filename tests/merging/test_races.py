"""Merges that meet each other, or an import: one waits for the other, and nothing is lost or done twice."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from resets.merging import MergeRefusedError, merge_students, undo_merge
from rostering.models import Student, StudentIdentity, StudentMerge
from rostering.services import import_bundle
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import enter_district
from tests.merging.conftest import NOW
from tests.rostering.bundles import AS_OF, small_bundle
from tests.support.waiting import wait_for

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = %s"


@pytest.fixture
def small(committed_districts: Callable[..., District], tmp_path: Path) -> District:
    district = committed_districts("birch")
    with enter_district(district):
        import_bundle(small_bundle().write(tmp_path), source="command", actor="district_admin:1", as_of=AS_OF)
    return district


class Apart(threading.Thread):
    """Work in a connection of its own; `result` is what it returned, or the error that it met."""

    def __init__(self, district: District, work: Callable[[], Any]) -> None:
        super().__init__()
        self.district, self.work = district, work
        self.result: Any = None
        self.start()

    def run(self) -> None:
        try:
            with enter_district(self.district):
                self.result = self.work()
        except Exception as error:  # handed to the test
            self.result = error
        finally:
            connections.close_all()

    def finished(self) -> Any:
        self.join(60)
        assert not self.is_alive()
        return self.result


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [int(Lock.DISTRICT)])
        return int(cursor.fetchone()[0])


def keys(district: District) -> list[int]:
    with enter_district(district):
        return [StudentIdentity.objects.get(sourced_id=f"s{number}").student_id for number in range(1, 5)]


def merging(district: District, stays: int, goes: int) -> Callable[[], StudentMerge]:
    return lambda: merge_students(district, stays, goes, actor="district_admin:1", at=NOW)


def both_at_once(district: District, *works: Callable[[], Any]) -> list[Any]:
    """Start all while the district's lock is held, so that they meet, and let them go."""
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        threads = [Apart(district, work) for work in works]
        wait_for(lambda: waiting() == len(works), 30)
    return [thread.finished() for thread in threads]


def test_two_merges_of_the_same_student(small: District) -> None:
    first, second, third, _ = keys(small)

    results = both_at_once(small, merging(small, first, third), merging(small, second, third))

    assert sorted(type(result).__name__ for result in results) == ["MergeRefusedError", "StudentMerge"]
    with enter_district(small):
        assert StudentMerge.objects.count() == 1
        assert Student.objects.filter(status="merged").count() == 1


def test_each_into_the_other(small: District) -> None:
    first, _, third, _ = keys(small)

    results = both_at_once(small, merging(small, first, third), merging(small, third, first))

    assert sorted(type(result).__name__ for result in results) == ["MergeRefusedError", "StudentMerge"]
    with enter_district(small):
        assert StudentIdentity.objects.filter(student__status="active").count() == 3


def test_a_merge_and_an_import_in_either_order_leave_one_student(small: District, tmp_path: Path) -> None:
    first, _, third, _ = keys(small)
    bundle = small_bundle()
    bundle.of("users", "s3")["email"] = "new@example.org"
    path = bundle.write(tmp_path, "again.zip")

    def importing() -> Any:
        return import_bundle(path, source="command", actor="district_admin:1", as_of=AS_OF)

    sync, merge = both_at_once(small, importing, merging(small, first, third))
    assert (sync.state, type(merge)) == ("applied", StudentMerge)
    with enter_district(small):
        import_bundle(path, source="command", actor="district_admin:1", as_of=AS_OF)
        assert Student.objects.exclude(status="merged").count() == 3
        assert not StudentIdentity.objects.filter(pk=third).exists()


def test_two_undos_of_one_merge(small: District) -> None:
    first, _, third, _ = keys(small)
    with enter_district(small):
        merge = merging(small, first, third)()

    def undoing() -> StudentMerge:
        return undo_merge(small, merge.pk, actor="district_admin:1", at=NOW)

    results = both_at_once(small, undoing, undoing)

    assert sorted(type(result).__name__ for result in results) == ["MergeRefusedError", "StudentMerge"]
    assert any(isinstance(result, MergeRefusedError) and "already" in str(result) for result in results)
