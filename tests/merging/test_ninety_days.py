"""Erased means erased: when the one who stayed is anonymized, nothing of the merge names anybody."""

from collections.abc import Callable

from archiving.services import anonymize_leavers
from resets.engine import execute
from resets.merging import merge_students
from resets.models import ResetRun
from rostering.models import MergeUndo, Student, StudentAlias, StudentIdentity, StudentMerge
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.archiving.conftest import DAY_91
from tests.merging.conftest import NOW
from tests.resets.conftest import filled, make_run
from tests.resets.test_engine_proof import holders_of
from tests.support.jobs import do_jobs

__all__ = ["filled", "make_run"]
SENTINEL = "Quixotic-Zephyr-4711"


def test_the_merged_ones_name_and_key_go_with_the_one_who_stayed(
    filled: Callable[..., District], make_run: Callable[..., ResetRun]
) -> None:
    district = filled(suites="literacy", students=60)
    with enter_district(district):
        stays, goes = Student.objects.order_by("pk").values_list("pk", flat=True)[:2]
        StudentIdentity.objects.filter(pk=goes).update(family_name=SENTINEL)
        merge_students(district, stays, goes, actor="district_admin:1", at=NOW)
        students = Student.objects.exclude(status="merged").count()
    assert holders_of(district, SENTINEL)
    execute(make_run(district, "literacy").pk)

    with enter_district(district):
        anonymize_leavers(district, "literacy", 2026, actor="system:tests", at=DAY_91)
        assert not Student.objects.filter(pk__in=[stays, goes]).exists()
        assert Student.objects.count() == students
        for model in (StudentMerge, MergeUndo, StudentAlias):
            assert not model.objects.exists(), model
        do_jobs(district, Job.objects.filter(kind__in=["remove_files", "rewrite_storage"]))

    assert holders_of(district, SENTINEL) == []
