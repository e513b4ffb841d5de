"""A database from a backup that is older than a destruction: nobody is served from it before all is done again."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django_tenants.utils import schema_context

from archiving import services as archiving
from archiving.planner import plan_anonymizations
from archiving.years.models import ArchivedYear
from disposal.models import Case, CaseState
from holds.models import HoldScope, LegalHold
from holds.services import lift_hold, place_hold
from ledger.services import LedgerBehindError, append_entry
from ledger.verifying import verify_district
from products.literacy.models import Usage, UsageArchive
from resets.engine import execute
from resets.models import ResetRun, Restore, RunState
from rostering.models import Student, StudentIdentity
from sweeps.models import Incident, Sweep
from tenants.clock import real_now
from tenants.errors import DistrictClosedError
from tenants.jobs.services import enqueue_job
from tenants.jobs.tasks import run_job
from tenants.models import District, Job, JobState
from tenants.schema import enter_district
from tests.journeys.steps import destroy, do, undo_school
from tests.resets.conftest import filled, make_run
from tests.support.backups import dump, restore_schema, restored

__all__ = ["filled", "make_run"]
CSM = "csm:4"


def seen(district: District) -> dict[str, Any]:
    """What a restore must come to again. New keys are random, so those of the anonymized are counted only."""
    with schema_context("public"):
        years = {year.suite: (year.state, year.counts) for year in ArchivedYear.objects.filter(district=district)}
        runs = sorted(ResetRun.objects.values_list("pk", "state", "finished_at", "undone_at", "restored_schools"))
        restores = list(Restore.objects.values_list("pk", "state", "schools"))
    with enter_district(district):
        return {
            "years": years,
            "runs": runs,
            "restores": restores,
            "named": set(StudentIdentity.objects.values_list("student_id", flat=True)),
            "students": Counter(Student.objects.values_list("status", "school_id")),
            "live": Counter(Usage.objects.values_list("school_year", "school_id")),
            "archived": Counter(UsageArchive.objects.values_list("school_year", "school_id")),
            "holds": list(LegalHold.objects.values_list("pk", "scope", "lifted_at")),
        }


def ask(district: District) -> int:
    """The first request of a new connection."""
    connections.close_all()
    return Client(headers={"host": f"{district.slug}.localhost"}).get("/login/").status_code


def replay() -> None:
    call_command("replay_dispositions", verbosity=0)


def live_through(
    district: District, run: ResetRun, clock: Callable[[str], Any], backup: Path
) -> tuple[int, dict[str, Any]]:
    """A reset, a school back, a hold (here the backup is made), a destruction, the ninety days, and the hold's end.

    Returns:
        the key of whoever was destroyed, and what there is afterwards.
    """
    clock("2026-07-28T08:00+00:00")
    assert execute(run.pk) == RunState.COMPLETED
    with enter_district(district):
        school, other = sorted(set(UsageArchive.objects.values_list("school_id", flat=True)))[:2]
        held, gone = Student.objects.filter(school_id=other).order_by("pk").values_list("pk", flat=True)[:2]
    run.refresh_from_db()
    undo_school(run, school, clock("2026-08-03T15:00+00:00"))
    with enter_district(district):
        at = clock("2026-10-01T15:00+00:00")
        place_hold(district, HoldScope.STUDENT, ground="litigation", reason="x", actor=CSM, at=at, student_id=held)
        dump(backup)
        destroy(district, gone, clock("2026-10-06T15:00+00:00"))
    clock("2026-10-27T15:00+00:00")
    assert plan_anonymizations() == 1
    do(district, "anonymize")
    with enter_district(district):
        lift_hold(district, LegalHold.objects.get().pk, reason="x", actor=CSM, at=clock("2026-11-05T15:00+00:00"))
    do(district, "postponed")
    return gone, seen(district)


def check_closed(district: District) -> None:
    """No request, no job, no entry of the ledger."""
    assert ask(district) == 503
    with pytest.raises(DistrictClosedError, match="was published and is not in this database"):
        seen(district)
    with pytest.raises(LedgerBehindError):
        append_entry(district.pk, "tested", actor=CSM, at=real_now(), facts={})
    job = enqueue_job(district, "sweep", "none", due_at=real_now())
    run_job(str(job.pk), district_id=district.pk, schema_name=district.schema_name)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    job.delete()


def test_nobody_is_served_from_an_old_backup_before_all_is_done_again(
    filled: Callable[..., District],
    make_run: Callable[..., ResetRun],
    clock: Callable[[str], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock("2026-07-27T15:00+00:00")
    district = filled(suites="literacy", students=400)
    dump(tmp_path / "before")
    gone, after = live_through(district, make_run(district, "literacy"), clock, tmp_path / "between")
    root = verify_district(district.pk).root
    for backup in ("before", "between"):
        with restored(tmp_path / backup):
            check_closed(district)
            with monkeypatch.context() as broken:  # the machine dies in the middle
                broken.setattr(archiving, "note_anonymization", dies)
                with pytest.raises(ZeroDivisionError):
                    replay()
            assert ask(district) == 503
            replay()
            assert ask(district) == 200
            assert seen(district) == after
            with enter_district(district):
                assert not Student.objects.filter(pk=gone).exists()
            assert Case.objects.get().state == CaseState.DONE
            assert verify_district(district.pk).problems == ()
            replay()  # once is enough
            if backup == "between":
                do(district, "rewrite_storage", "remove_files", "sweep")
                assert not Sweep.objects.filter(finished_at=None).exists()
                assert not Incident.objects.exists()
        break_off(district, root)


def dies(*_: Any) -> None:
    raise ZeroDivisionError


def break_off(district: District, root: str) -> None:
    """Let the folder be as it was before the restore: the next backup is restored into the same past."""
    folder = Path(settings.LEDGER_DIR) / str(district.pk)
    for name in ("entries.jsonl", "heads.jsonl"):
        lines = (folder / name).read_bytes().splitlines(keepends=True)
        last = next(place for place, line in enumerate(lines) if json.loads(line)["digest"] == root)
        (folder / name).write_bytes(b"".join(lines[: last + 1]))


def test_a_dump_of_one_schema_is_closed_when_it_is_older_than_a_disposition(
    filled: Callable[..., District], make_run: Callable[..., ResetRun], tmp_path: Path
) -> None:
    district = filled(suites="math", students=20)
    dump(tmp_path / "before", f"--schema={district.schema_name}")
    assert execute(make_run(district, "math").pk) == RunState.COMPLETED
    dump(tmp_path / "after", f"--schema={district.schema_name}")
    restore_schema(tmp_path / "after", district.schema_name)
    assert ask(district) == 200
    restore_schema(tmp_path / "before", district.schema_name)
    assert ask(district) == 503
    with pytest.raises(DistrictClosedError, match="its schema is of before entry"):
        seen(district)
    replay()  # it is not the ledger that is behind
    assert ask(district) == 503
    restore_schema(tmp_path / "after", district.schema_name)
    assert ask(district) == 200


def test_a_disposition_of_which_the_backup_has_nothing_does_not_keep_the_district_closed(
    filled: Callable[..., District], tmp_path: Path
) -> None:
    """A hold, placed and lifted, on a student who came after the backup: its entries are only written down again."""
    district = filled(suites="math", students=10)
    dump(tmp_path / "before")
    with enter_district(district):
        late = Student.objects.order_by("pk")[0]
        late.pk = None
        late.save()
        said: dict[str, Any] = {"reason": "x", "actor": CSM, "at": real_now()}
        hold = place_hold(district, HoldScope.STUDENT, ground="litigation", student_id=late.pk, **said)
        lift_hold(district, hold.pk, **said)
    with restored(tmp_path / "before"):
        assert ask(district) == 503
        replay()
        assert ask(district) == 200
        assert verify_district(district.pk).problems == ()


def test_what_cannot_be_trusted_or_known_keeps_the_district_closed(
    filled: Callable[..., District], tmp_path: Path
) -> None:
    district = filled(suites="literacy", students=10)
    dump(tmp_path / "before")
    with enter_district(district):
        student = Student.objects.order_by("pk").values_list("pk", flat=True)[0]
        destroy(district, student, real_now())
    folder = Path(settings.LEDGER_DIR) / str(district.pk)
    keys = next((folder / "dispositions").glob("*.json"))
    entries, signed = (folder / "entries.jsonl").read_text(), keys.read_text()
    with restored(tmp_path / "before"):
        for file, right, wrong, said in (
            (folder / "entries.jsonl", entries, entries.replace('"destruction"', '"destructiom"'), "was changed"),
            (keys, signed, signed.replace(str(student), str(student + 1)), "is not what was signed here"),
        ):
            file.write_text(wrong)
            with pytest.raises(CommandError, match=said):
                replay()
            assert ask(district) == 503
            file.write_text(right)
        keys.unlink()
        with pytest.raises(CommandError, match="older than BACKUP_DAYS"):
            replay()
        assert ask(district) == 503
        keys.write_text(signed)
        replay()
        assert ask(district) == 200
        with enter_district(district):
            assert not Student.objects.filter(pk=student).exists()


def test_districts_that_came_and_went_since_the_backup(
    filled: Callable[..., District], committed_districts: Callable[..., Any], tmp_path: Path
) -> None:
    """One that left is removed again; of one that is lost with the backup nobody else gets the number."""
    leaving = filled(suites="math", students=10)
    dump(tmp_path / "before")
    with enter_district(leaving):
        destroy(leaving, None, real_now())
    lost = committed_districts("oak")
    with restored(tmp_path / "before"):
        assert ask(leaving) == 503
        replay()
        assert ask(leaving) == 410
        assert Job.objects.filter(district=leaving, state=JobState.WAITING).count() == 0
        assert committed_districts("elm").pk > lost.pk
        assert verify_district(leaving.pk).problems == verify_district(lost.pk).problems == ()
